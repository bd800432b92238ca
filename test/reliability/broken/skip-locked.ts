import { readPage } from '../../../core/outbox/claim-page.ts';
import { createDrain } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';

/** Few enough that neighbours of one conversation come into different hands. */
const ROWS_A_DRAIN = 3;
const DRAINS_AT_ONCE = 4;

/**
 * Deliberately wrong: the queue of the textbooks. Nobody locks the shard; several drains at once lock rows and skip
 * what the others hold, each in the order of its own rows and none in the order of all.
 */
export function skipLocked(parts: DrainParts): Drain {
  const drain = createDrain({
    ...parts,
    claim: async (tx, shard, bounds) => {
      const page = await readPage(tx, shard, bounds);
      const ids = tx.json(page.map(({ id }) => id));
      const locked = await tx`
        SELECT id FROM outbox WHERE id IN (SELECT jsonb_array_elements_text(${ids})::bigint)
        ORDER BY id LIMIT ${ROWS_A_DRAIN} FOR UPDATE SKIP LOCKED`;
      const mine = new Set(locked.map((row) => Number(row['id'])));
      const rows = page.filter(({ id }) => mine.has(id));
      return { state: 'claimed', rows, full: rows.length > 0 };
    },
  });
  return async (shard) => {
    const [first, ...others] = Array.from({ length: DRAINS_AT_ONCE }, () => drain(shard));
    await Promise.all(others);
    return first!;
  };
}
