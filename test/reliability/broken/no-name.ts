import { DRAIN_LOCK } from '../../../core/outbox/drain-lock.ts';
import { createDrain } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';

/** Deliberately wrong: a lock and nothing else. Whoever comes after a drain that died does not learn of it. */
export function noName(parts: DrainParts): Drain {
  return createDrain({
    ...parts,
    hold: {
      take: async (sql, { shard }) => {
        const [row] = await sql`SELECT pg_try_advisory_lock(${DRAIN_LOCK}, ${shard}) AS locked`;
        return row!['locked'] ? 'taken' : 'busy';
      },
    },
  });
}
