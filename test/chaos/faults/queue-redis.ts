import { Redis } from 'ioredis';

import { counted } from './fault.ts';
import type { Fault, Field } from './fault.ts';

/** What happens to the Redis of the queue. */
export const queueRedis: Fault[] = [
  {
    name: 'redis-killed',
    about: 'the Redis of the queue killed, and back without its data',
    lastsMs: [1_000, 4_000],
    strike: async (field, { lastsMs, hold }) => {
      const clients = await onRedis(field, connected);
      await field.redis.kill();
      try {
        await hold(lastsMs);
      } finally {
        await field.redis.restart();
      }
      return { struck: clients, words: `killed under ${counted(clients, 'connection')}` };
    },
  },
  {
    name: 'redis-emptied',
    about: 'FLUSHALL every 100 ms',
    lastsMs: [1_000, 4_000],
    strike: async (field, { lastsMs, hold }) => {
      let keys = 0;
      await onRedis(field, async (redis) => {
        for (const until = performance.now() + lastsMs; performance.now() < until;) {
          keys += await redis.dbsize();
          await redis.flushall();
          await hold(100);
        }
      });
      return { struck: keys, words: `${counted(keys, 'key')} deleted` };
    },
  },
  {
    name: 'redis-paused',
    about: 'SIGSTOP: every connection stays open and nothing is answered',
    lastsMs: [1_000, 5_000],
    strike: async (field, { lastsMs, hold }) => {
      const clients = await onRedis(field, connected);
      await field.redis.pause();
      try {
        await hold(lastsMs);
      } finally {
        await field.redis.resume();
      }
      return { struck: clients, words: `stopped under ${counted(clients, 'connection')}` };
    },
  },
  {
    name: 'redis-job-deleted',
    about: 'jobs deleted, their deduplication keys left',
    lastsMs: [1_000, 4_000],
    strike: async (field, { lastsMs, hold }) => {
      let deleted = 0;
      await onRedis(field, async (redis) => {
        for (const until = performance.now() + lastsMs; performance.now() < until;) {
          deleted += await deleteJobs(redis, field.stack.redis.prefix);
          await hold(20);
        }
      });
      return { struck: deleted, words: `${counted(deleted, 'job')} deleted under their keys` };
    },
  },
];

async function onRedis<T>({ redis }: Field, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis.url, { lazyConnect: true });
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function connected(client: Redis): Promise<number> {
  const info = await client.info('clients');
  // This one is not of the product.
  return Number(/connected_clients:(\d+)/.exec(info)?.[1]) - 1;
}

/** A deduplication key holds the id of its job, which waits, is at work, or is gone already. */
async function deleteJobs(client: Redis, prefix: string): Promise<number> {
  let deleted = 0;
  for (const key of await client.keys(`${prefix}:drain:de:*`)) {
    const id = await client.get(key);
    if (id) deleted += await client.del(`${prefix}:drain:${id}`);
  }
  return deleted;
}
