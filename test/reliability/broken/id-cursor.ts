import { readPage } from '../../../core/outbox/read-page.ts';
import { createDrain } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';

/**
 * Deliberately wrong: remembers the highest id that it has read of a shard, and looks only above it. Ids are given
 * out before the commit, so a transaction that took long appears below and is passed over for good.
 */
export function idCursor(parts: DrainParts): Drain {
  const cursors = new Map<number, number>();
  return createDrain({
    ...parts,
    hold: {
      read: async (sql, wanted) => {
        const page = await readPage(sql, wanted);
        const cursor = cursors.get(wanted.shard) ?? 0;
        const rows = page.rows.filter(({ id }) => id > cursor);
        cursors.set(wanted.shard, Math.max(cursor, ...rows.map(({ id }) => id)));
        return { ...page, rows };
      },
    },
  });
}
