import { within } from '../lifecycle.ts';
import { connectImpatiently } from '../redis/connect-redis.ts';
import { createDoorbell } from './doorbell.ts';
import { openDrainQueue } from './drain-queue.ts';

const PATIENCE_MS = 2_000;

/**
 * Rings for some shards from a process that does nothing else with Redis, and says whether Redis took it. If not, the
 * sweeper finds what waits, half a second later.
 */
export async function ringOnce(
  shards: Iterable<number>,
  { url, prefix }: { url: string; prefix?: string | undefined },
): Promise<boolean> {
  let heard = true;
  const connection = connectImpatiently(url, () => undefined);
  const ready = new Promise((resolve) => connection.once('ready', resolve));
  try {
    if ((await within(ready, PATIENCE_MS)) !== 'done') return false;
    const queue = openDrainQueue({ connection, prefix });
    const doorbell = createDoorbell(queue, () => {
      heard = false;
    });
    for (const shard of shards) doorbell.ring(shard);
    const rung = await within(doorbell.settled(), PATIENCE_MS);
    await within(queue.close(), PATIENCE_MS);
    return heard && rung === 'done';
  } finally {
    connection.disconnect();
  }
}
