import { Agent, request } from 'undici';

import { reportSend, Sending } from './sending.ts';
import { CentrifugoTransportError } from './transport-error.ts';

export interface PostOptions {
  url: string;
  apiKey: string;
  connections: number;
  timeoutMs: number;
  connectTimeoutMs: number;
  keepAliveMs: number;
}

/** Sends one request to Centrifugo's HTTP API and gives back the text of its 200. */
export type Post = (call: {
  method: string;
  body: string;
  signal?: AbortSignal | undefined;
}) => Promise<string>;

export function createPost(options: PostOptions): { post: Post; close: () => Promise<void> } {
  const agent = new Agent({
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    keepAliveTimeout: options.keepAliveMs,
    keepAliveMaxTimeout: options.keepAliveMs,
  });
  const dispatcher = agent.compose(reportSend);
  const base = `${options.url.replace(/\/+$/, '').replace(/\/api$/, '')}/api/`;
  const headers = { 'content-type': 'application/json', 'x-api-key': options.apiKey };

  const post: Post = async ({ method, body, signal }) => {
    const sending = new Sending();
    const deadline = startDeadline(options.timeoutMs, signal);
    try {
      const response = await request(base + method, {
        dispatcher,
        method: 'POST',
        headers,
        body,
        signal: deadline.signal,
        opaque: sending,
      });
      const text = await response.body.text();
      if (response.statusCode !== 200) throw refusal(response.statusCode, text);
      return text;
    } catch (error) {
      if (error instanceof CentrifugoTransportError) throw error;
      throw fault(error, {
        sent: sending.sent,
        timedOut: deadline.passed(),
        aborted: signal?.aborted === true,
      });
    } finally {
      deadline.stop();
    }
  };

  let closing: Promise<void> | undefined;
  return { post, close: () => (closing ??= agent.close()) };
}

/**
 * undici measures long timeouts in steps of about a second and starts them only once a connection is
 * free. A caller holds a lock meanwhile, so the whole call has one exact deadline.
 */
function startDeadline(timeoutMs: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort();
  }, timeoutMs);
  const abort = () => controller.abort();
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();
  return {
    signal: controller.signal,
    passed: () => passed,
    stop: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

function refusal(status: number, body: string): CentrifugoTransportError {
  return new CentrifugoTransportError(`Centrifugo answered ${status}`, {
    code: refusalCode(status),
    sent: true,
    status,
    body,
  });
}

function refusalCode(status: number) {
  if (status >= 500 || status === 408 || status === 429) return 'unavailable';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not_found';
  if (status >= 400) return 'bad_request';
  return 'ambiguous';
}

/** Signals of undici for a client that was closed by us. */
const CLOSED = new Set(['UND_ERR_CLOSED', 'UND_ERR_DESTROYED']);

function fault(
  cause: unknown,
  { sent, timedOut, aborted }: { sent: boolean; timedOut: boolean; aborted: boolean },
): CentrifugoTransportError {
  if (aborted && !timedOut) {
    return new CentrifugoTransportError('The call to Centrifugo was aborted', {
      code: 'aborted',
      sent,
      cause,
    });
  }
  const reason = codeOf(cause);
  if (!timedOut && CLOSED.has(reason)) {
    return new CentrifugoTransportError('The client of Centrifugo is closed', {
      code: 'aborted',
      sent,
      cause,
    });
  }
  const why = timedOut ? 'deadline passed' : reason;
  return sent
    ? new CentrifugoTransportError(`Centrifugo did not answer to the end (${why})`, {
        code: 'ambiguous',
        sent,
        cause,
      })
    : new CentrifugoTransportError(`Centrifugo could not be reached (${why})`, {
        code: 'unreachable',
        sent,
        cause,
      });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
