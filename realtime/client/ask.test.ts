import { afterEach, describe, expect, test, vi } from 'vitest';

import { createAsk } from './ask.ts';
import type { AskOptions } from './ask.ts';

afterEach(() => vi.unstubAllGlobals());

/** Answers everything in one way, and keeps what was asked. */
function server(answer: () => Response | Promise<Response>) {
  const asked = vi.fn<(url: string, request: RequestInit) => Promise<Response>>(async () =>
    answer(),
  );
  vi.stubGlobal('fetch', asked);
  return asked;
}

const asker = (more: Partial<AskOptions> = {}) =>
  createAsk(() => ({ baseUrl: 'http://api/', getAuth: () => 'the token', ...more }));

describe('a question to the API', () => {
  test('carries the bearer token, its query and its body', async () => {
    const asked = server(() => Response.json({ id: 7 }));
    const query = { cursor: null, limit: 50, around: undefined, channel: 'chat:ann' };
    const answer = await asker()('POST', '/v1/things', { query, body: { a: 1 } });
    expect(answer).toEqual({ id: 7 });
    const [url, request] = asked.mock.calls[0]!;
    expect(url).toBe('http://api/v1/things?limit=50&channel=chat%3Aann');
    expect(request).toMatchObject({
      ...{ method: 'POST', body: '{"a":1}' },
      headers: { authorization: 'Bearer the token', 'content-type': 'application/json' },
    });
  });

  test('goes out without a token where there is none, and without a body', async () => {
    const asked = server(() => Response.json({}));
    await asker({ getAuth: () => null })('GET', '/v1/things');
    expect(asked.mock.calls[0]![1]).toMatchObject({ headers: {}, body: null });
  });

  test('takes a new token each time', async () => {
    const asked = server(() => Response.json({}));
    const tokens = ['first', 'second'];
    const ask = asker({ getAuth: async () => tokens.shift() });
    await ask('GET', '/');
    await ask('GET', '/');
    const sent = asked.mock.calls.map(([, { headers }]) => headers);
    expect(sent).toEqual([{ authorization: 'Bearer first' }, { authorization: 'Bearer second' }]);
  });

  test('that is refused rejects with the problem that the server names', async () => {
    server(() =>
      Response.json(
        { code: 'rate_limited', title: 'Too many', detail: 'Wait a moment.' },
        { status: 429, headers: { 'retry-after': '3' } },
      ),
    );
    await expect(asker()('GET', '/')).rejects.toMatchObject({
      ...{ name: 'ApiProblem', status: 429, code: 'rate_limited' },
      ...{ message: 'Wait a moment.', retryAfterMs: 3000 },
    });
  });

  test('of somebody whose token is refused says so', async () => {
    const onUnauthorized = vi.fn<() => void>();
    server(() => new Response(null, { status: 401 }));
    const refused = { status: 401, code: 'http_401' };
    await expect(asker({ onUnauthorized })('GET', '/')).rejects.toMatchObject(refused);
    expect(onUnauthorized).toHaveBeenCalledOnce();
  });

  test.each([
    ['nobody answers', () => Promise.reject(new TypeError('failed to fetch'))],
    ['the answer is no JSON', () => new Response('<html>')],
  ])('rejects as unreachable where %s', async (_when, answer) => {
    server(answer);
    const unreachable = { name: 'ApiProblem', status: 0, code: 'unreachable' };
    await expect(asker()('GET', '/')).rejects.toMatchObject(unreachable);
  });

  test('rejects with what the source of the token threw', async () => {
    const fault = new Error('signed out');
    await expect(asker({ getAuth: () => Promise.reject(fault) })('GET', '/')).rejects.toBe(fault);
  });
});

test('a last word goes out at once with the last known token, and outlives its page', async () => {
  const asked = server(() => Response.json({}));
  const ask = asker();
  await ask('GET', '/');
  ask.lastWord('DELETE', '/v1/session');
  const headers = { authorization: 'Bearer the token' };
  const request = { method: 'DELETE', keepalive: true, headers };
  expect(asked.mock.lastCall).toEqual(['http://api/v1/session', request]);
});
