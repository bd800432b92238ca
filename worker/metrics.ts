import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { DeliveryHealth } from '../core/outbox/health.ts';
import type { Sorted } from './sort-out.ts';

type SentPage = Pick<Sorted, 'committedAt' | 'dead' | 'held'> & { narrowed: boolean };

/** What a worker tells Prometheus. The gauges of the outbox are asked from Postgres at each scrape. */
export type WorkerMetrics = {
  registry: Registry;
  settled: (page: SentPage) => void;
  rescued: (shard: number) => void;
  loopFailed: (loop: string) => void;
};

export function createMetrics(health: () => Promise<DeliveryHealth>): WorkerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const lag = new Histogram({
    name: 'rov_delivery_seconds',
    help: 'From the commit of an event to the acknowledgement of Centrifugo',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
    registers,
  });
  const pages = new Counter({
    name: 'rov_pages_total',
    help: 'Pages sent to Centrifugo, by how they ended',
    labelNames: ['outcome'],
    registers,
  });
  const dead = new Counter({ name: 'rov_dead_letters_total', help: 'Rows found bad', registers });
  const rescues = new Counter({
    name: 'rov_sweeper_rescues_total',
    help: 'Shards that the sweeper, not a doorbell, brought forward',
    labelNames: ['shard'],
    registers,
  });
  const loops = new Counter({
    name: 'rov_loop_failures_total',
    help: 'Rounds of a loop that failed',
    labelNames: ['loop'],
    registers,
  });
  gaugesOfTheOutbox(registry, health);

  return {
    registry,
    settled(page) {
      const now = Date.now();
      for (const at of page.committedAt) lag.observe(Math.max(0, now - at.getTime()) / 1_000);
      if (page.dead > 0) dead.inc(page.dead);
      pages.inc({ outcome: page.narrowed ? 'narrowed' : (page.held?.kind ?? 'settled') });
    },
    rescued: (shard) => rescues.inc({ shard }),
    loopFailed: (loop) => loops.inc({ loop }),
  };
}

function gaugesOfTheOutbox(registry: Registry, health: () => Promise<DeliveryHealth>): void {
  const waiting = new Gauge({
    name: 'rov_outbox_waiting',
    help: 'Events not yet acknowledged by Centrifugo, by shard',
    labelNames: ['shard'],
    registers: [registry],
  });
  const held = new Gauge({
    name: 'rov_shard_held',
    help: '1 while a fault of configuration holds the shard',
    labelNames: ['shard'],
    registers: [registry],
  });
  const oldest = new Gauge({
    name: 'rov_outbox_oldest_seconds',
    help: 'Age of the oldest event not yet acknowledged, by shard',
    labelNames: ['shard'],
    registers: [registry],
    async collect() {
      for (const shard of (await health()).shards) {
        oldest.set({ shard: shard.shard }, shard.oldestMs / 1_000);
        waiting.set({ shard: shard.shard }, shard.waiting);
        held.set({ shard: shard.shard }, shard.held === null ? 0 : 1);
      }
    },
  });
}
