import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

import { ownRedisForTest, stackForTest } from '../harness/in-file.ts';
import type { Stack, StackOptions } from '../harness/stack.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { until } from '../harness/until.ts';
import { untilShardsAreHeld } from './shards-held.ts';

/** Long enough for the publication to be on its way, and shorter than the deadline after which the worker would know. */
const BEFORE_THE_DEADLINE_MS = 1_000;
const WOULD_HAVE_BEEN_SEEN_MS = 6_000;

test('the engine hangs and the worker dies: what was stored and told nobody is seen, on a conversation where nothing follows', async () => {
  const { seen, said, page } = await hangAndKill({});
  await page.until(() => seen() === said, {
    timeoutMs: 20_000,
    what: 'the message that nobody was told of',
  });
  expect(seen()).toBe(said);
}, 120_000);

test('control: a drain that leaves no name behind does not know that it had sent something', async () => {
  const { seen, said } = await hangAndKill({
    workerEntry: 'test/reliability/broken/worker.ts',
    workerEnv: { DELIVERY: 'no-name' },
  });
  await sleep(WOULD_HAVE_BEEN_SEEN_MS);
  expect(seen()).toBe(said - 1);
}, 120_000);

/**
 * Centrifugo's Redis hangs while one message is on its way, the worker dies before it has waited long enough, and Redis
 * does what it was asked while Centrifugo is cut off from it. The key makes the repeat a success.
 */
async function hangAndKill(variant: StackOptions) {
  const redis = await ownRedisForTest();
  const link = await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) });
  onTestFinished(() => link.close());
  const stack = await stackForTest({
    ...variant,
    engine: { redis: `redis://127.0.0.1:${link.port}` },
  });
  const [ann, ben] = await stack.people.persons('Ann', 'Ben');
  const conversationId = await stack.people.direct(ann!, ben!);
  const page = stack.record({ person: ben!, conversations: [conversationId] });
  await page.ready();
  const say = (content: string) =>
    ann!.rest.send(conversationId, { clientId: randomUUID(), content });
  const seen = () => page.shown(conversationId).length;

  // Centrifugo spreads commands over connections that it opens when they are first needed; a hung Redis opens none.
  for (let time = 0; time < 60; time += 1) await say(`warm ${time}`);
  await untilDelivered(stack);
  await page.until(() => seen() === 60, { timeoutMs: 20_000, what: 'sixty messages' });

  await redis.pause();
  await say('told nobody');
  await untilShardsAreHeld(stack, 1);
  await sleep(BEFORE_THE_DEADLINE_MS);
  await stack.workers[0]!.kill();
  link.freeze();
  await redis.resume();
  await untilStored(redis.url, 'told nobody');
  await link.cut();
  link.thaw();
  await link.mend();
  await page.ready(30_000);
  await stack.workers[0]!.restart();
  await untilDelivered(stack);
  return { seen, said: 61, page };
}

async function untilDelivered({ database: { sql } }: Stack): Promise<void> {
  await until(async () => (await sql`SELECT FROM outbox`).length === 0, {
    timeoutMs: 30_000,
    what: 'everything to be delivered',
  });
}

async function untilStored(url: string, content: string): Promise<void> {
  const client = new Redis(url);
  try {
    await until(
      async () => {
        const streams = await client.keys('*.stream.conversation:*');
        const kept = await Promise.all(
          streams.map((key) => client.xrevrangeBuffer(key, '+', '-', 'COUNT', 1)),
        );
        return kept.some((entries) =>
          entries.some(([, fields]) => fields.some((field) => field.includes(content))),
        );
      },
      { timeoutMs: 10_000, what: 'Redis to do what it was asked before' },
    );
  } finally {
    client.disconnect();
  }
}
