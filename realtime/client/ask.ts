import { asProblem, problemFrom } from './chat/api-problem.ts';

export interface AskOptions {
  /** Where the API is, without `/v1`; empty for the page's own origin. */
  baseUrl: string;
  /** The bearer token of the signed-in user; null sends the request without one. */
  getAuth: () => string | null | undefined | Promise<string | null | undefined>;
  /** The API refused the bearer token. */
  onUnauthorized?: (() => void) | undefined;
}

interface Question {
  /** What is undefined or null is left out. */
  query?: Record<string, string | number | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
}

type Request = Omit<RequestInit, 'headers'> & Pick<Question, 'headers'>;

export type Ask = ReturnType<typeof createAsk>;

const TIMEOUT_MS = 15_000;

/**
 * Asks the API, and rejects with an `ApiProblem`, or with what `getAuth` threw. `options` is read each time, so that
 * what it gives may change.
 *
 * Answers are believed to have the shape of the contract: they come from our own server, whose tests parse each of
 * them, and zod would be more than all of this client.
 */
export function createAsk(options: () => AskOptions) {
  let auth: string | null | undefined;

  function send(path: string, { headers, ...request }: Request): Promise<Response> {
    return fetch(options().baseUrl.replace(/\/+$/, '') + path, {
      ...request,
      headers: { ...headers, ...(auth ? { authorization: `Bearer ${auth}` } : {}) },
    });
  }

  async function ask<T>(
    method: string,
    path: string,
    { query = {}, body, headers }: Question = {},
  ): Promise<T> {
    const { getAuth, onUnauthorized } = options();
    auth = await getAuth();
    try {
      const response = await send(path + search(query), {
        method,
        headers: { ...headers, ...(body === undefined ? {} : JSON_BODY) },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status === 401) onUnauthorized?.();
      if (!response.ok) throw await problemFrom(response);
      // oxlint-disable-next-line typescript/consistent-type-assertions -- see above: the contract tells the shape
      return (response.status === 204 ? null : await response.json()) as T;
    } catch (error) {
      throw asProblem(error);
    }
  }

  /** A page that goes away runs nothing asynchronous any more: the last known token must do, and nobody waits. */
  ask.lastWord = (method: string, path: string): void => {
    send(path, { method, keepalive: true }).catch(() => undefined);
  };

  return ask;
}

const JSON_BODY = { 'content-type': 'application/json' };

function search(query: NonNullable<Question['query']>): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
