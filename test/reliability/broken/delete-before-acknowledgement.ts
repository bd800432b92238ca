import { claimPage } from '../../../core/outbox/claim-page.ts';
import { createDrain } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';

/** Deliberately wrong: rows leave the outbox when they are taken, as from a queue that acknowledges on receipt. */
export function deleteBeforeAcknowledgement(parts: DrainParts): Drain {
  return createDrain({
    ...parts,
    claim: async (tx, shard, bounds) => {
      const page = await claimPage(tx, shard, bounds);
      if (page.state !== 'claimed') return page;
      const ids = parts.sql.json(page.rows.map(({ id }) => id));
      // On another connection: committed at once.
      await parts.sql`
        DELETE FROM outbox WHERE id IN (SELECT jsonb_array_elements_text(${ids})::bigint)`;
      return page;
    },
  });
}
