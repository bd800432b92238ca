import { setTimeout as pause } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { ownRedisForTest, stackForTest } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import type { Stack } from '../../harness/stack.ts';
import { startTcpProxy } from '../../harness/tcp-proxy.ts';
import { until } from '../../harness/until.ts';
import { ask } from './ask.ts';

const RATE_LIMITS = 'read=10/30 write=3/3';

const reads = (person: Person, url: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, () => ask(`${url}/v1/unread`, { token: person.token })),
  );

const allowed = (answers: readonly { status: number }[]) =>
  answers.filter(({ status }) => status === 200).length;

/** A process that has just started counts for itself until it has reached Redis, and for a second after it missed it. */
async function untilCountedInRedis({ people, apis, redis }: Stack) {
  await until(
    async () => {
      const somebody = await people.stranger('Somebody');
      for (const { url } of apis) await reads(somebody, url, 1);
      const keys = await redis.client.keys(`${redis.prefix}*limit:read*`);
      const counts = keys.length === 0 ? [] : await redis.client.mget(keys);
      return counts.includes(String(apis.length));
    },
    { timeoutMs: 10_000, what: 'every process to count in Redis' },
  );
}

it('counts a user’s calls in all processes together, and refuses openly what is too much', async () => {
  const stack = await stackForTest({ workers: 0, apis: 2, apiEnv: { RATE_LIMITS } });
  const { apis, people, redis } = stack;
  await untilCountedInRedis(stack);
  const ann = await people.stranger('Ann');
  const ben = await people.stranger('Ben');
  const [one, other] = apis;
  const answers = await Promise.all([reads(ann, one!.url, 8), reads(ann, other!.url, 8)]);
  expect(allowed(answers.flat())).toBe(10);

  const refused = answers.flat().find(({ status }) => status === 429);
  expect(JSON.parse(refused!.text)).toMatchObject({ status: 429, code: 'rate_limited' });
  expect(refused!.headers.get('RateLimit-Policy')).toBe('"read";q=10;w=30');
  expect(refused!.headers.get('RateLimit')).toMatch(/^"read";r=0;t=([1-9]|[12]\d|30)$/);
  const retryAfter = Number(refused!.headers.get('Retry-After'));
  expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(retryAfter).toBeLessThanOrEqual(30);

  // What one has used up is no concern of another, and reading none of writing.
  const [fine] = await reads(ben, one!.url, 1);
  expect(fine!.headers.get('RateLimit')).toMatch(/^"read";r=9;t=30$/);
  const keys = await redis.client.keys('*limit*');
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.join(' ')).not.toContain(ann.id);
});

it('lets a user go on once the time is over', async () => {
  const stack = await stackForTest({ workers: 0, apiEnv: { RATE_LIMITS } });
  const { api, people } = stack;
  await untilCountedInRedis(stack);
  const ann = await people.stranger('Ann');
  const choose = () =>
    ask(`${api.url}/v1/presence/status`, {
      method: 'PUT',
      token: ann.token,
      body: { status: 'away' },
    });
  const first = await Promise.all([choose(), choose(), choose(), choose()]);
  expect(first.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 429]);
  const refused = first.find(({ status }) => status === 429);
  await pause(Number(refused!.headers.get('Retry-After')) * 1_000 + 50);
  expect((await choose()).status).toBe(200);
});

it.each(['killed', 'silent'] as const)(
  'counts for itself while Redis is %s, without an error and without a wait',
  async (fault) => {
    const redis = await ownRedisForTest();
    const { port } = new URL(redis.url);
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: Number(port) });
    const redisUrl = `redis://127.0.0.1:${proxy.port}`;
    const stack = await stackForTest({ workers: 0, redisUrl, apiEnv: { RATE_LIMITS } });
    const { api, people } = stack;
    await untilCountedInRedis(stack);
    const ann = await people.stranger('Ann');
    expect(allowed(await reads(ann, api.url, 4))).toBe(4);

    if (fault === 'killed') await redis.kill();
    else proxy.freeze();
    const startedAt = performance.now();
    const answers = await reads(ann, api.url, 20);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    // Its own count begins anew: ten more, and not one beyond.
    expect(allowed(answers)).toBe(10);
    await proxy.close();
  },
);

it('limits nobody where it is off', async () => {
  const { api, people } = await stackForTest({ workers: 0, apiEnv: { RATE_LIMITS: 'off' } });
  const ann = await people.stranger('Ann');
  const answers = await reads(ann, api.url, 30);
  expect(allowed(answers)).toBe(30);
  expect(answers[0]!.headers.get('RateLimit')).toBeNull();
});
