/**
 * - `unreachable`: surely not sent (connection refused, name not found, no connection in time).
 * - `ambiguous`: sent, and whether it ran is unknown (timeout, reset, half or unreadable answer).
 * - `unavailable`: 5xx, 408 or 429. Behind a proxy even this request may have run.
 * - `unauthorized`: 401 or 403, the API key is wrong.
 * - `not_found`: 404, no Centrifugo API at this address.
 * - `bad_request`: 400 or another 4xx; Centrifugo ran nothing of it.
 * - `aborted`: the caller's signal or `close()`; look at `sent`.
 */
export type CentrifugoTransportErrorCode =
  | 'unreachable'
  | 'ambiguous'
  | 'unavailable'
  | 'unauthorized'
  | 'not_found'
  | 'bad_request'
  | 'aborted';

interface TransportFault {
  code: CentrifugoTransportErrorCode;
  /** Whether the request was handed to a connection. False means that Centrifugo cannot have seen it. */
  sent: boolean;
  status?: number | undefined;
  /** The answer's text; the first 200 characters are kept. Never what the answer holds of messages. */
  body?: string | undefined;
  cause?: unknown;
}

const BODY_LENGTH = 200;

/**
 * There was no usable answer from Centrifugo. Decide by `code` and `sent`, never by the message.
 *
 * @example
 * if (error instanceof CentrifugoTransportError && error.code === 'ambiguous') repeatWithSameKey();
 */
export class CentrifugoTransportError extends Error {
  override readonly name = 'CentrifugoTransportError';
  readonly code: CentrifugoTransportErrorCode;
  readonly sent: boolean;
  readonly status: number | undefined;
  readonly body: string | undefined;

  constructor(message: string, fault: TransportFault) {
    super(message, fault.cause === undefined ? undefined : { cause: fault.cause });
    this.code = fault.code;
    this.sent = fault.sent;
    this.status = fault.status;
    this.body = fault.body?.slice(0, BODY_LENGTH);
  }
}
