import type { Profile } from '@rov/realtime';
import { asProblem, problemFrom } from '@rov/realtime/client';

const TIMEOUT_MS = 15_000;

/** The demo server's own routes; elsewhere they answer 404. Every call rejects with an `ApiProblem`. */
export function createDemoApi({ fetch = globalThis.fetch.bind(globalThis) } = {}) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw asProblem(error);
    });
    if (!response.ok) throw await problemFrom(response);
    // oxlint-disable-next-line typescript/no-unsafe-return -- from our own server, which knows the shape
    return response.json().catch((error: unknown) => {
      throw asProblem(error);
    });
  }

  return {
    users: () => call<{ items: Profile[] }>('GET', '/demo/users'),
    login: (userId: string) =>
      call<{ token: string; user: Profile }>('POST', '/demo/login', { userId }),
  };
}
