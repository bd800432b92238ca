import * as z from 'zod';

import { answerOf } from '../db/call.ts';
import type { Sql } from '../db/open-sql.ts';

/** A row that leaves the outbox. */
export type Settled = {
  id: number;
  /** Where it stands in its conversation's channel. */
  offset?: number | undefined;
  epoch?: string | undefined;
  /** Acknowledged behind its successor, which Centrifugo had already: dropped, and heard by nobody. */
  superseded?: true | undefined;
  /** Why it is a dead letter, with Centrifugo's code where there was one. */
  reason?: string | undefined;
  code?: number | undefined;
  /** The users whom alone it did not reach. */
  users?: readonly string[] | undefined;
};

/** What one page came to. */
export type SettledPage = {
  shard: number;
  /** The process. */
  worker: string;
  /** This drain of it, as it took the shard. */
  holder: string;
  rows: readonly Settled[];
  /** Rows up to this one had been sent in this drain before, without a clear answer. */
  doubtedThrough?: number | undefined;
  /** Rows up to this one that stay will be in doubt once they are acknowledged. */
  leftInDoubtThrough?: number | undefined;
  /** Whether Centrifugo's engine failed a moment ago, so that some of its nodes may not hear of what it takes. */
  deaf: boolean;
  /** Why rows stay; `held` where it is a fault of configuration, which only somebody can mend. */
  failure?: { reason: string; held: boolean } | undefined;
  /** Whatever the page has shown up to this id is settled. */
  through?: number | undefined;
  /** When it was read, as `readPage` says. */
  seen: string | null;
  last: boolean;
};

const Answer = z.object({
  /** Whether an announcement of its own waits now, because hearing was in doubt. */
  announced: z.boolean(),
  /** Whether this session still has the shard; it may have been lost with the connection. */
  holds: z.boolean(),
});

/** Writes down what became of a page (settle.sql). Right by itself, even if the shard was lost meanwhile. */
export async function settle(
  sql: Sql,
  { shard, ...page }: SettledPage,
): Promise<z.infer<typeof Answer>> {
  return answerOf(Answer, await sql`SELECT settle(${shard}, ${sql.json(page)}) AS answer`);
}
