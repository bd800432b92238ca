import { Queue } from 'bullmq';

import { timeFrom } from '../when-quiet.ts';
import type { Contender } from './contender.ts';
import { dropOutboxRows, openWriter, store } from './store.ts';
import { toldOf, waitingTold } from './told.ts';
import type { Told } from './told.ts';

/** The queue's name, which its worker knows it by. */
export const EVENTS = 'events';

const JOB = { attempts: 20, backoff: 50, removeOnComplete: true };

/** A BullMQ job for each event, added after the commit and worked on by as many at once as are configured. */
export const jobPerRow: Contender = {
  name: 'BullMQ job per row',
  install: dropOutboxRows,
  open(bed) {
    const writer = openWriter(bed);
    const queue = new Queue<Told>(EVENTS, {
      connection: bed.redis.client,
      prefix: bed.redis.prefix,
    });
    const isQuiet = async () => {
      const counts = await queue.getJobCounts('wait', 'active', 'delayed');
      return Object.values(counts).every((count) => count === 0);
    };
    return {
      start: () => bed.startWorker('bench/contenders/job-per-row-worker.ts'),
      send: async (message) => {
        const stored = await store(writer.sql, message);
        await queue.add('event', await toldOf(writer.sql, stored.message), JOB);
      },
      isQuiet,
      prepareCatchUp: async (aside) => {
        await queue.pause();
        for await (const page of waitingTold(bed.database.sql, aside)) {
          await queue.addBulk(page.map((data) => ({ name: 'event', data, opts: JOB })));
        }
        return () => timeFrom(() => queue.resume(), isQuiet);
      },
      close: () => Promise.all([queue.close(), writer.close()]),
    };
  },
};
