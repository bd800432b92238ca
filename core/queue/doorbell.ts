import type { DrainQueue } from './drain-queue.ts';

export type Doorbell = {
  /** Says that a shard has something to deliver. Returns at once and never throws. */
  ring: (shard: number) => void;
  /** Waits for rings under way. */
  settled: () => Promise<void>;
};

/**
 * Rings are coalesced: per shard one is on its way to Redis and at most one waits behind it, however many
 * messages were written meanwhile. `onLost` hears of a ring that Redis did not take; the sweeper of the
 * worker finds those rows.
 */
export function createDoorbell(queue: DrainQueue, onLost: (error: unknown) => void): Doorbell {
  const ringing = new Map<number, Promise<void>>();
  const again = new Set<number>();

  function ring(shard: number): void {
    if (ringing.has(shard)) {
      again.add(shard);
      return;
    }
    const underWay = add(shard).finally(() => {
      ringing.delete(shard);
      if (again.delete(shard)) ring(shard);
    });
    ringing.set(shard, underWay);
  }

  async function add(shard: number): Promise<void> {
    try {
      await queue.add(
        'drain',
        { shard },
        // At most one job at work and one waiting; a ring during the work is kept for after it.
        { deduplication: { id: `shard-${shard}`, keepLastIfActive: true } },
      );
    } catch (error) {
      onLost(error);
    }
  }

  return {
    ring,
    async settled() {
      while (ringing.size > 0) await Promise.all(ringing.values());
    },
  };
}
