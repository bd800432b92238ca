import { claimPage } from '../../../core/outbox/claim-page.ts';
import { createDrain } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';

/**
 * Deliberately wrong: remembers the highest id that it has taken from a shard, and looks only above it. Ids are given
 * out before the commit, so a transaction that took long appears below and is passed over for good.
 */
export function idCursor(parts: DrainParts): Drain {
  const cursors = new Map<number, number>();
  return createDrain({
    ...parts,
    claim: async (tx, shard, bounds) => {
      const page = await claimPage(tx, shard, bounds);
      if (page.state !== 'claimed') return page;
      const cursor = cursors.get(shard) ?? 0;
      const rows = page.rows.filter(({ id }) => id > cursor);
      cursors.set(shard, Math.max(cursor, ...rows.map(({ id }) => id)));
      return { ...page, rows };
    },
  });
}
