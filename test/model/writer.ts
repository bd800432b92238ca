import type { Postgres } from './postgres.ts';
import type { Step } from './schedule.ts';
import { newEvent, type Tables } from './tables.ts';

export type Write = {
  conversationId: string;
  /** How long its commit takes, in steps of others. */
  takes: number;
  /** Centrifugo calls it a bad request. */
  bad: boolean;
  rollsBack: boolean;
};

/**
 * A write as the API makes it: the conversation's lock, with it the transaction's id, then the number, then the row
 * with its id, then the commit.
 */
export async function write(
  { postgres, tables, step }: { postgres: Postgres; tables: Tables; step: Step },
  { conversationId, takes, bad, rollsBack }: Write,
): Promise<void> {
  const transaction = postgres.begin();
  await step(`a write to ${conversationId} begins`);
  await postgres.lock(transaction, conversationId);
  postgres.xidOf(transaction);
  await step('takes an id');
  const ev = tables.evs.get(conversationId)! + 1;
  const { row, event } = newEvent(postgres, { conversationId, ev, type: 'message', bad });
  transaction.atCommit.push(() => {
    tables.evs.set(conversationId, ev);
    tables.outbox.set(row.id, row);
    tables.committed.push(event);
  });
  for (let waited = 0; waited < takes; waited += 1) await step('waits for its commit');
  await step(rollsBack ? 'rolls back' : `commits row ${row.id}`);
  if (rollsBack) postgres.rollback(transaction);
  else postgres.commit(transaction);
}
