import type { fakeCentrifugo } from './fake-centrifugo.ts';

export interface ApiCall {
  method: string;
  path: string;
  query: URLSearchParams;
  auth: string | null;
  body: any;
}

/** A token as far as a client reads it. */
export function jwt(sub: string, more: object = {}): string {
  return ['{}', JSON.stringify({ sub, ...more }), ''].map((part) => btoa(part)).join('.');
}

/**
 * In place of the API: what it was asked, and answers by method and path (where a session's id is left out). Anything
 * else goes to the page's own server.
 */
export function fakeApi(centrifugo: ReturnType<typeof fakeCentrifugo>) {
  const seen: ApiCall[] = [];
  const answers: Record<string, (call: ApiCall) => unknown> = {
    'POST /v1/realtime/token': () => ({ token: jwt('ann'), expiresAt: '', url: 'ws://told/' }),
    'POST /v1/realtime/subscription-token': () => ({ token: 'channel token', expiresAt: '' }),
    'GET /v1/realtime/position': () => ({ offset: 0, ...centrifugo.stream }),
    'GET /v1/presence': () => ({
      items: [{ userId: 'bob', status: 'online', lastSeenAt: null, version: 3 }],
    }),
    'PUT /v1/presence/sessions': () => ({ status: 'online', chosen: 'auto', nextInMs: 25_000 }),
    'DELETE /v1/presence/sessions': () => ({}),
  };
  const pageFetch = fetch;

  return {
    answers,
    calls: (method = '', path = '') =>
      seen.filter((call) => call.method.startsWith(method) && call.path.startsWith(path)),
    fetch: async (url: string, init: RequestInit = {}): Promise<Response> => {
      const { pathname, searchParams: query } = new URL(url, 'http://api');
      if (!pathname.startsWith('/v1/')) return await pageFetch(url, init);
      const method = init.method ?? 'GET';
      const auth = new Headers(init.headers).get('authorization');
      const body = typeof init.body === 'string' ? JSON.parse(init.body) : init.body;
      const call = { method, path: pathname, query, auth, body };
      seen.push(call);
      const answer = answers[`${method} ${pathname.replace(/\/[0-9a-f-]{36}$/, '')}`];
      if (!answer) return refused(404, 'not_found');
      const answered = await answer(call);
      return answered instanceof Response ? answered : Response.json(answered);
    },
  };
}

export function refused(status: number, code: string): Response {
  return Response.json({ type: 'about:blank', title: code, status, code }, { status });
}
