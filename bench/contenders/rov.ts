import { allShards } from '../../core/outbox/shards.ts';
import { createDoorbell } from '../../core/queue/doorbell.ts';
import { openDrainQueue } from '../../core/queue/drain-queue.ts';
import { insertAtOnce } from '../backlog.ts';
import { timeFrom } from '../when-quiet.ts';
import type { Contender } from './contender.ts';
import { isEmpty, openWriter, store } from './store.ts';

/** The product: its own writer, doorbell and worker, with everything on. */
export const rov: Contender = {
  name: 'rov',
  open(bed) {
    const { sql } = bed.database;
    const writer = openWriter(bed);
    const queue = openDrainQueue({ connection: bed.redis.client, prefix: bed.redis.prefix });
    const bell = createDoorbell(queue, (error) => {
      throw error;
    });
    const isQuiet = () => isEmpty(sql, 'outbox');
    return {
      start: () => bed.startWorker('worker/main.ts'),
      send: async (message) => bell.ring((await store(writer.sql, message)).shard),
      isQuiet,
      prepareCatchUp: async (aside) => {
        const commit = await insertAtOnce(sql, { aside, into: 'outbox' });
        return () =>
          timeFrom(async () => {
            await commit();
            for (const shard of allShards) bell.ring(shard);
          }, isQuiet);
      },
      close: async () => {
        await bell.settled();
        await Promise.all([queue.close(), writer.close()]);
      },
    };
  },
};
