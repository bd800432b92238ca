/**
 * - `no_token_source`: neither `token` nor `getToken`, and no provider around.
 * - `no_subscription_token_source`: no `getSubscriptionToken`, and no provider around.
 * - `no_provider`: the hook works only below a `RealtimeProvider`.
 * - `no_user_id`: chat hooks need the provider's `userId`, or its `client`.
 * - `no_conversation`: an action was called while its hook waits for a `conversationId`.
 * - `token_expired`: the `token` that was passed is used up; pass a new one or `getToken`.
 * - `foreign_token`: the `token` that was passed is of another user than the connection.
 * - `unauthorized`: a token was refused, or the API refused to give one. Final.
 * - `refused`: Centrifugo refused the subscription. Final; `number` is its code.
 * - `disconnected`: Centrifugo ended the connection for good; `number` is its code.
 * - `transient`: an attempt failed and is repeated.
 * - `api`: the API answered with an error, or not at all; `number` is the HTTP status, or 0.
 */
export type RealtimeErrorCode =
  | 'no_token_source'
  | 'no_subscription_token_source'
  | 'no_provider'
  | 'no_user_id'
  | 'no_conversation'
  | 'token_expired'
  | 'foreign_token'
  | 'unauthorized'
  | 'refused'
  | 'disconnected'
  | 'transient'
  | 'api';

/**
 * What is wrong with a connection or a subscription. Decide by `code`.
 *
 * @example
 * if (error?.code === 'unauthorized') signInAgain();
 */
export class RealtimeError extends Error {
  override readonly name = 'RealtimeError';
  readonly code: RealtimeErrorCode;
  /** A code of Centrifugo or an HTTP status, where there is one. */
  readonly number: number | undefined;

  constructor(
    message: string,
    facts: { code: RealtimeErrorCode; number?: number; cause?: unknown },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.number = facts.number;
  }
}

/** An attempt of the SDK that it repeats by itself. */
export function transientError(
  { code, message }: { code: number; message: string },
  cause: unknown,
): RealtimeError {
  return new RealtimeError(message, { code: 'transient', number: code, cause });
}
