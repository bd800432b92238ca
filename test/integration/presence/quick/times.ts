import { PRESENCE_TIMES } from '../../../../core/presence/presence.ts';
import type { PresenceTimes } from '../../../../core/presence/presence.ts';

/** How often the shipped worker looks for those who are gone. */
const SWEEP_MS = 5_000;

/** All times of presence divided by the same number: with 1 they are those of production. */
export function presenceTimes(scale: number): PresenceTimes & { sweepMs: number } {
  const { beatMs, leaseMs, graceMs, quietMs } = PRESENCE_TIMES;
  return {
    beatMs: beatMs / scale,
    leaseMs: leaseMs / scale,
    graceMs: graceMs / scale,
    quietMs: quietMs / scale,
    sweepMs: SWEEP_MS / scale,
  };
}
