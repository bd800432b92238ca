import { expect } from 'vitest';

import { until } from '../harness/until.ts';
import { newConversation } from './lab.ts';
import type { Lab } from './lab.ts';
import type { Listener } from './listener.ts';
import { kept, publish } from './server-api.ts';
import type { Api, Publication } from './server-api.ts';

/**
 * Redis hangs while something is published: the caller hears 100, Redis does it all the same when it comes back, and
 * nobody is told, not even by the repeat that succeeds. Leaves the listener in that state.
 *
 * A node gives up the connection by which it hears of publications when Redis hangs for long. Whether it is back in
 * time for those that waited in Redis's sockets is a race; here it is not, for it is cut off until they are done.
 */
export async function publishIntoAHungRedis(lab: Lab) {
  const redis = await lab.redis();
  const link = await lab.proxy(redis);
  const [a, b] = await Promise.all([
    lab.node({ redis }),
    lab.node({ redis: { url: `redis://127.0.0.1:${link.port}` } }),
  ]);
  const [channel, elsewhere] = [newConversation(), newConversation()];
  const listener = lab.listen(b, { channel });
  const witness = lab.listen(b, { channel: elsewhere });
  await Promise.all([listener.isTold('subscribed'), witness.isTold('subscribed')]);
  const event = (version: number): Publication => ({
    channel,
    data: version,
    version,
    idempotency_key: `event-${version}`,
  });
  await openEveryConnection(a);
  await publish(a, event(1));
  await listener.hears(1);

  await redis.pause();
  const [ambiguous] = await publish(a, event(2));
  await link.cut();
  await redis.resume();
  await until(async () => (await redis.client.keys('*.result.*event-2*')).length > 0, {
    timeoutMs: 10_000,
    what: 'Redis to do what it was asked before',
  });
  await link.mend();

  const repeated = await publishUntilTaken(a, event(2));
  await untilHeardAgain(a, witness, elsewhere);
  return { a, channel, listener, event, ambiguous, repeated };
}

/** The state in which a hung Redis leaves a subscriber: the event is in history, and they have not heard it. */
export async function expectKeptButNotHeard({
  a,
  channel,
  listener,
  ambiguous,
  repeated,
}: Awaited<ReturnType<typeof publishIntoAHungRedis>>): Promise<void> {
  expect(ambiguous).toEqual({ error: { code: 100, message: 'internal server error' } });
  expect(repeated).toEqual({ offset: 2, epoch: expect.any(String) });
  expect(await kept(a, channel)).toEqual([1, 2]);
  expect(listener.heard).toEqual([1]);
  expect(listener.told).toEqual(['connected', 'subscribed']);
}

/**
 * A node spreads its commands over several connections to Redis by chance and opens each when it is first chosen. One
 * opened towards a Redis that hangs is given up before it has carried the command, and then nothing is kept.
 */
async function openEveryConnection(api: Api): Promise<void> {
  const channel = newConversation();
  const events = Array.from({ length: 100 }, (_, index) => ({ channel, data: index }));
  await publish(api, ...events);
}

/** Repeats while the answer is 100, and gives the reply that was none. */
async function publishUntilTaken(api: Api, event: Publication): Promise<any> {
  let reply: any;
  await until(
    async () => {
      [reply] = await publish(api, event);
      return reply.error?.code !== 100;
    },
    { timeoutMs: 20_000, what: 'the engine to take a publication again' },
  );
  return reply;
}

/** The node hears of publications again: of one on another channel, published as often as it takes. */
async function untilHeardAgain(api: Api, witness: Listener, channel: string): Promise<void> {
  let version = 0;
  await until(
    async () => {
      version += 1;
      await publish(api, { channel, data: version, version });
      return witness.heard.length > 0;
    },
    { timeoutMs: 20_000, what: 'the witness to hear something' },
  );
}
