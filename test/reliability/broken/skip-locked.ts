import { readPage } from '../../../core/outbox/read-page.ts';
import { createDrain } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';

/** Few enough that neighbours of one conversation come into different hands. */
const ROWS_A_DRAIN = 3;
const DRAINS_AT_ONCE = 4;

/**
 * Deliberately wrong: the queue of the textbooks. Nobody holds the shard; several drains at once lock rows and skip
 * what the others have, each in the order of its own rows and none in the order of all.
 */
export function skipLocked(parts: DrainParts): Drain {
  const drain = createDrain({
    ...parts,
    hold: {
      take: async () => 'taken',
      read: async (sql, wanted) => {
        const page = await readPage(sql, wanted);
        const ids = sql.json(page.rows.map(({ id }) => id));
        await sql.unsafe('BEGIN');
        const locked = await sql`
          SELECT id FROM outbox
          WHERE shard = ${wanted.shard} AND id IN (SELECT jsonb_array_elements_text(${ids})::bigint)
          ORDER BY id LIMIT ${ROWS_A_DRAIN} FOR UPDATE SKIP LOCKED`;
        const mine = new Set(locked.map((row) => Number(row['id'])));
        return { ...page, rows: page.rows.filter(({ id }) => mine.has(id)), full: false };
      },
      release: async (sql) => {
        await sql.unsafe('COMMIT');
      },
    },
  });
  return async (shard) => {
    const [first, ...others] = Array.from({ length: DRAINS_AT_ONCE }, () => drain(shard));
    await Promise.all(others);
    return first!;
  };
}
