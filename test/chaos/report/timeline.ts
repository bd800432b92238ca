import { percentile } from '../../harness/percentile.ts';
import type { Sample } from '../watch-outbox.ts';

/** What happened within a quarter of a second, `atMs` after the beginning of the load. */
export type Moment = {
  atMs: number;
  acknowledged: number;
  delivered: number;
  /** Of what was acknowledged in it, until pages showed it, in ms; null when there was nothing. */
  lagP50: number | null;
  lagMax: number | null;
  /** Events in the outbox; null when Postgres gave no answer. */
  waiting: number | null;
};

export const MOMENT_MS = 250;

/** A message at one page: when its sender was told that it is stored, and when the page showed it. */
export type Delivery = { acknowledgedAt: number; shownAt: number };

/** Pure. Times are of the same clock as `began`. */
export function timelineOf(given: {
  began: number;
  ended: number;
  acknowledgedAt: readonly number[];
  deliveries: readonly Delivery[];
  samples: readonly Sample[];
}): Moment[] {
  const { began, ended } = given;
  const place = (at: number): number => Math.floor((at - began) / MOMENT_MS);
  const acknowledged = Map.groupBy(given.acknowledgedAt, place);
  const shown = Map.groupBy(given.deliveries, ({ shownAt }) => place(shownAt));
  const told = Map.groupBy(given.deliveries, ({ acknowledgedAt }) => place(acknowledgedAt));
  const samples = Map.groupBy(given.samples, ({ at }) => place(at));
  let waiting: number | null = null;
  return Array.from({ length: Math.max(0, place(ended)) + 1 }, (_, index): Moment => {
    const lags = (told.get(index) ?? []).map(lagOf);
    const sample = samples.get(index)?.at(-1);
    if (sample) ({ waiting } = sample);
    return {
      atMs: index * MOMENT_MS,
      acknowledged: acknowledged.get(index)?.length ?? 0,
      delivered: shown.get(index)?.length ?? 0,
      lagP50: lags.length > 0 ? percentile(lags, 50) : null,
      lagMax: lags.length > 0 ? percentile(lags, 100) : null,
      waiting,
    };
  });
}

/** A page may show a message before its sender's answer is there. */
export function lagOf({ acknowledgedAt, shownAt }: Delivery): number {
  return Math.max(0, shownAt - acknowledgedAt);
}

/** From the end of a fault until the last page showed what had been acknowledged by then. */
export function recoveryOf(fault: { to: number }, deliveries: readonly Delivery[]): number {
  const concerned = deliveries.filter(({ acknowledgedAt }) => acknowledgedAt <= fault.to);
  return Math.round(Math.max(0, ...concerned.map(({ shownAt }) => shownAt - fault.to)));
}
