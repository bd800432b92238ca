import { insertAtOnce } from '../backlog.ts';
import { timeFrom } from '../when-quiet.ts';
import type { Contender } from './contender.ts';
import { isEmpty, openWriter, store } from './store.ts';

/** Several pollers over the same outbox, each with the oldest rows that no other has. */
export const skipLocked: Contender = {
  name: 'SKIP LOCKED polling',
  install: async (sql) => {
    // The order in which it asks.
    await sql`CREATE INDEX ON outbox (id)`;
  },
  open(bed) {
    const { sql } = bed.database;
    const writer = openWriter(bed);
    const isQuiet = () => isEmpty(sql, 'outbox');
    return {
      start: () => bed.startWorker('bench/contenders/skip-locked-worker.ts'),
      send: async (message) => void (await store(writer.sql, message)),
      isQuiet,
      prepareCatchUp: async (aside) => {
        const commit = await insertAtOnce(sql, { aside, into: 'outbox' });
        return () => timeFrom(commit, isQuiet);
      },
      close: () => writer.close(),
    };
  },
};
