import { expect, test } from 'vitest';

import { createLog } from '../core/log.ts';
import { withAlarm } from './alarm.ts';
import { DeliveryHeld, type DrainReport } from './drain.ts';

const through: DrainReport = {
  shard: 0,
  delivered: 1,
  dead: 0,
  waiting: 0,
  oldestMs: 0,
  endedBy: 'empty',
};

function alarmed() {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ door: 'test', level: 'info' });
  for (const level of ['info', 'warn', 'error'] as const) {
    log[level] = (line: object) => lines.push({ level, ...line });
  }
  const clock = { ms: 1_000 };
  let fault: DeliveryHeld | undefined;
  const drain = withAlarm(
    async () => {
      if (fault) throw fault;
      return through;
    },
    { log, now: () => clock.ms },
  );
  return {
    lines,
    clock,
    meet: async (shard: number, kind?: DeliveryHeld['kind'], reason = 'away') => {
      fault = kind && new DeliveryHeld(kind, reason);
      await drain(shard).catch(() => undefined);
    },
  };
}

test('a fault is told once, however many shards and tries meet it, and once that it is over', async () => {
  const { lines, clock, meet } = alarmed();
  await meet(1);
  for (let time = 0; time < 5; time += 1)
    for (const shard of [1, 2, 3]) await meet(shard, 'outage');
  clock.ms += 5_000;
  await meet(1);
  await meet(2);
  expect(lines).toHaveLength(1);
  await meet(3);
  expect(lines).toMatchObject([
    { level: 'warn', event: 'delivery.held', kind: 'outage', reason: 'away' },
    { level: 'info', event: 'delivery.goes_on', heldMs: 5_000 },
  ]);
});

test('it is told again when its reason changes, and every minute', async () => {
  const { lines, clock, meet } = alarmed();
  await meet(1, 'outage');
  await meet(1, 'configuration', '401');
  clock.ms += 30_000;
  await meet(1, 'configuration', '401');
  clock.ms += 31_000;
  await meet(1, 'configuration', '401');
  expect(lines.map(({ level, reason }) => [level, reason])).toEqual([
    ['warn', 'away'],
    ['error', '401'],
    ['error', '401'],
  ]);
});

test('a later fault is told anew', async () => {
  const { lines, meet } = alarmed();
  await meet(1, 'outage');
  await meet(1);
  await meet(1, 'outage');
  expect(lines.map(({ event }) => event)).toEqual([
    'delivery.held',
    'delivery.goes_on',
    'delivery.held',
  ]);
});
