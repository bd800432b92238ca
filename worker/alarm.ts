import type { Logger } from '../core/log.ts';
import { DeliveryHeld, type Drain } from './drain.ts';

const REMIND_EVERY_MS = 60_000;

/**
 * A drain that says when deliveries have to wait and when they go on. However many shards and tries meet the same
 * fault: one line when it begins, one when its reason changes, a reminder every minute, and one when the last shard
 * is through.
 */
export function withAlarm(
  drain: Drain,
  { log, now = Date.now }: { log: Logger; now?: () => number },
): Drain {
  const held = new Set<number>();
  let since = 0;
  let said = { reason: '', at: 0 };

  function waits(shard: number, { kind, message: reason }: DeliveryHeld): void {
    if (held.size === 0) since = now();
    held.add(shard);
    if (said.reason === reason && now() - said.at < REMIND_EVERY_MS) return;
    said = { reason, at: now() };
    const line = { event: 'delivery.held', kind, reason, shard, heldMs: now() - since };
    if (kind === 'configuration') log.error(line);
    else log.warn(line);
  }

  function goesOn(shard: number): void {
    if (!held.delete(shard) || held.size > 0) return;
    log.info({ event: 'delivery.goes_on', heldMs: now() - since });
    said = { reason: '', at: 0 };
  }

  return async (shard) => {
    try {
      const report = await drain(shard);
      if (report.endedBy !== 'busy') goesOn(shard);
      return report;
    } catch (error) {
      if (error instanceof DeliveryHeld) waits(shard, error);
      throw error;
    }
  };
}
