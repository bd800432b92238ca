import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'vitest';

import { newConversation } from './lab.ts';
import type { Cluster, Lab } from './lab.ts';
import { publish } from './server-api.ts';

const BATCH = 100;
const PAYLOAD = 'x'.repeat(300);

/** Publishes at a steady pace to one subscriber, who hears all of it, once and in order. */
export async function aStreamArrivesWhole(
  lab: Lab,
  { a, b }: Cluster,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<void> {
  const channel = newConversation();
  const listener = lab.listen(b, { channel });
  await listener.isTold('subscribed');
  const total = perSecond * seconds;
  const began = performance.now();
  for (let sent = 0; sent < total; sent += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => sent + index + 1);
    await publish(a, ...batch.map((n) => ({ channel, data: { n, text: PAYLOAD }, version: n })));
    const due = began + ((sent + BATCH) / perSecond) * 1_000;
    await sleep(Math.max(0, due - performance.now()));
  }
  await listener.hears(total, { timeoutMs: 20_000 });
  const numbers = listener.heard.map(({ n }) => n);
  expect(numbers).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  // Neither a reconnect nor a recovery was needed for it.
  expect(listener.told).toEqual(['connected', 'subscribed']);
}
