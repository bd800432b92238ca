import { expect, test } from 'vitest';

import { freePort } from '../../../embedded/ports.ts';
import { stackForFile } from '../../harness/in-file.ts';
import { ask } from './ask.ts';

const metricsPort = await freePort();
const stack = await stackForFile({
  workers: 0,
  apiEnv: { METRICS_PORT: String(metricsPort) },
});
const ann = await stack.people.person('Ann');
const origin = stack.api.url;
const at = (path: string): string => `${stack.api.url}${path}`;
/** Not part of the API and of its description, hence a plain fetch. */
const inside = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${metricsPort}${path}`);

test('pages of a listed origin may call the API, and read what they need of its answers', async () => {
  const preflight = await ask(at('/v1/unread'), {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();

  const { headers } = await ask(at('/v1/unread'), { token: ann.token, headers: { origin } });
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-expose-headers')).toContain('Idempotent-Replayed');
  expect(headers.get('vary')).toContain('Origin');
});

test('a problem can be read by a page of a listed origin too', async () => {
  const { status, headers } = await ask(at('/v1/unread'), { headers: { origin } });
  expect(status).toBe(401);
  expect(headers.get('access-control-allow-origin')).toBe(origin);
});

test.each(['https://evil.test', 'null', 'http://127.0.0.1', ''])(
  'pages of %j may not',
  async (stranger) => {
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await ask(at('/v1/unread'), {
        method,
        token: ann.token,
        headers: { origin: stranger, 'access-control-request-method': 'GET' },
      });
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-methods')).toBeNull();
    }
  },
);

test('every answer forbids what no page of ours does', async () => {
  for (const path of ['/', '/v1/unread', '/livez', '/nowhere']) {
    const { headers } = await ask(at(path));
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain(`connect-src 'self' ${new URL(stack.centrifugo.wsUrl).origin};`);
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  }
  const { headers } = await ask(at('/v1/unread'), { token: ann.token });
  expect(headers.get('cache-control')).toBe('no-store');
});

test('metrics count by the pattern of a route, never by what somebody asked for', async () => {
  const id = '01890000-0000-7000-8000-000000000000';
  await ask(at(`/v1/conversations/${id}?x=1`), { token: ann.token });
  await ask(at(`/nowhere/${id}`));
  await ask(at('/v1/unread'), { method: 'PROPFIND' });
  const answer = await inside('/metrics');
  const { headers } = answer;
  const text = await answer.text();
  expect(headers.get('content-type')).toContain('text/plain');
  expect(text).toContain('route="/v1/conversations/:conversationId",status="400"');
  expect(text).toContain('route="none",status="404"');
  expect(text).toContain('method="other"');
  expect(text).not.toContain(id);
  expect(text).toContain('process_cpu_seconds_total');
});

test('the port that everybody reaches tells no metrics, and the port that does tells nothing else', async () => {
  expect((await ask(at('/metrics'))).status).toBe(404);
  expect((await inside('/livez')).status).toBe(404);
});

test('a request is logged by its route, with its id and how it ended, and probes are not', async () => {
  const id = 'a-request-to-find-again';
  await ask(at('/v1/presence?userIds=ann'), {
    token: ann.token,
    headers: { 'x-request-id': id, cookie: 'session=biscuit' },
  });
  const line = await stack.api.waitForLog(({ requestId }) => requestId === id);
  expect(line).toMatchObject({
    event: 'http.answered',
    level: 'info',
    method: 'GET',
    route: '/v1/presence',
    status: 200,
    ms: expect.any(Number),
  });
  expect(stack.api.output()).not.toContain('biscuit');
  expect(stack.api.logs().filter(({ route }) => String(route).startsWith('/readyz'))).toEqual([]);
});
