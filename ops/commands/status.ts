import * as z from 'zod';

import { deliveryHealth } from '../../core/outbox/health.ts';
import type { DeliveryHealth, ShardHealth } from '../../core/outbox/health.ts';
import { command } from '../command.ts';
import { age, counted, table } from '../table.ts';

/** Longer than any retry waits: nobody delivers this. */
const FORSAKEN_AFTER_MS = 60_000;

export const status = command({
  name: 'status',
  summary: 'how delivery is doing, shard by shard',
  help: `What waits in each shard and since when, who delivers it, and what stands in its way.

Exit code 1 when somebody should look: a shard is held by a fault of configuration, fails, or has not been delivered
for a minute although nobody paused it; or a dead letter is open.`,
  options: {},
  examples: ['status', 'status --json'],
  schema: z.object({}),
  changes: () => false,
  run: async (_, { sql }) => {
    const health = await deliveryHealth(sql);
    return { code: needsSomebody(health) ? 1 : 0, data: health, text: textOf(health) };
  },
});

function needsSomebody({ shards, deadLetters }: DeliveryHealth): boolean {
  return deadLetters > 0 || shards.some((shard) => isStuck(shard));
}

function isStuck({ held, failures, paused, oldestMs }: ShardHealth): boolean {
  return held !== null || failures > 0 || (!paused && oldestMs > FORSAKEN_AFTER_MS);
}

function textOf({ shards, waiting, oldestMs, deadLetters }: DeliveryHealth): string {
  const rows = shards.map((shard) => [
    String(shard.shard),
    stateOf(shard),
    String(shard.waiting),
    shard.waiting === 0 ? '-' : age(shard.oldestMs),
    String(shard.failures),
    shard.worker ?? '-',
    shard.progressedAt?.toISOString() ?? '-',
    shard.held ?? shard.lastError ?? '-',
  ]);
  const head = [
    'SHARD',
    'STATE',
    'WAITING',
    'OLDEST',
    'FAILURES',
    'WORKER',
    'PROGRESSED',
    'LAST ERROR',
  ];
  const oldest = waiting === 0 ? '' : `, the oldest for ${age(oldestMs)}`;
  return `${table([head, ...rows])}

${counted(waiting, 'event waits', 'events wait')}${oldest}; ${counted(deadLetters, 'dead letter')} open`;
}

function stateOf({ held, paused, failures, waiting }: ShardHealth): string {
  if (held !== null) return 'held';
  if (paused) return 'paused';
  if (failures > 0) return 'retrying';
  return waiting === 0 ? 'idle' : 'delivering';
}
