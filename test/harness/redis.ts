import { randomBytes } from 'node:crypto';

import { Redis } from 'ioredis';

export type TestRedis = {
  url: string;
  /** Of every key of the queue; in braces as in production. */
  prefix: string;
  /** A connection for the test itself. */
  client: Redis;
  /** Deletes the keys with the prefix and no other: the server may be one that was given by URL. */
  release(): Promise<void>;
};

/** A part of the run's Redis that no other test file touches. */
export function openTestRedis(url: string): TestRedis {
  const prefix = `{rov-test-${randomBytes(6).toString('hex')}}`;
  const client = new Redis(url, { maxRetriesPerRequest: 2, lazyConnect: true });
  // A test may kill its Redis; the emitter's copy of that error would end the process.
  client.on('error', () => undefined);
  return {
    url,
    prefix,
    client,
    release: async () => {
      try {
        for await (const keys of client.scanStream({ match: `${prefix}*`, count: 500 })) {
          if ((keys as string[]).length > 0) await client.unlink(keys as string[]);
        }
      } catch {
        // A Redis that is gone has taken its keys along.
      } finally {
        client.disconnect();
      }
    },
  };
}
