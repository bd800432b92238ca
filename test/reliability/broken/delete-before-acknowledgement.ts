import { readPage } from '../../../core/outbox/read-page.ts';
import { createDrain } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';

/** Deliberately wrong: rows leave the outbox when they are read, as from a queue that acknowledges on receipt. */
export function deleteBeforeAcknowledgement(parts: DrainParts): Drain {
  return createDrain({
    ...parts,
    hold: {
      read: async (sql, wanted) => {
        const page = await readPage(sql, wanted);
        const ids = sql.json(page.rows.map(({ id }) => id));
        await sql`
          DELETE FROM outbox
          WHERE shard = ${wanted.shard} AND id IN (SELECT jsonb_array_elements_text(${ids})::bigint)`;
        return page;
      },
    },
  });
}
