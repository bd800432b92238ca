import { expect, test } from 'vitest';

import { CALM_MS, occurrencesOf, scheduleOf, TAIL_MS, WARM_UP_MS } from './schedule.ts';
import type { Schedulable } from './schedule.ts';

const faults: Schedulable[] = [
  { name: 'short', lastsMs: [500, 1_000] },
  { name: 'long', lastsMs: [3_000, 6_000] },
  { name: 'middling', lastsMs: [1_000, 3_000] },
  { name: 'of the engine’s Redis', lastsMs: [3_000, 4_000], engine: 'redis' },
];
const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const scheduled = (seed: number, seconds = 60, fit: 'all' | 'some' = 'some') =>
  scheduleOf({ seed, seconds, hands: [faults], fit });

test('the same arguments give the same schedule, and another seed another one', () => {
  for (const seed of seeds) expect(scheduled(seed)).toEqual(scheduled(seed));
  const different = new Set(seeds.map((seed) => JSON.stringify(scheduled(seed))));
  expect(different.size).toBe(seeds.length);
});

test('a schedule is what it was when it was first written down', () => {
  expect(scheduleOf({ seed: 1, seconds: 20, hands: [faults.slice(0, 2)], fit: 'all' })).toEqual({
    engine: 'redis',
    hands: [
      [
        { fault: 'long', atMs: 2_500, lastsMs: 4_595, seed: 1_458_728_788 },
        { fault: 'short', atMs: 9_340, lastsMs: 685, seed: 743_431_520 },
        { fault: 'short', atMs: 11_812, lastsMs: 780, seed: 904_500_361 },
      ],
    ],
    leftOut: [],
  });
});

test('no two faults overlap, and there is calm before, between and after them', () => {
  for (const seed of seeds) {
    for (const seconds of [10, 37, 60, 300]) {
      const occurrences = occurrencesOf(scheduled(seed, seconds));
      let calmFrom = 0;
      for (const [index, { atMs, lastsMs }] of occurrences.entries()) {
        expect(atMs - calmFrom).toBeGreaterThanOrEqual(index === 0 ? WARM_UP_MS : CALM_MS[0]);
        calmFrom = atMs + lastsMs;
      }
      expect(seconds * 1_000 - calmFrom).toBeGreaterThanOrEqual(TAIL_MS);
    }
  }
});

test('a fault lasts as long as it may', () => {
  const bounds = new Map(faults.map(({ name, lastsMs }) => [name, lastsMs]));
  for (const { fault, lastsMs } of seeds.flatMap((seed) => occurrencesOf(scheduled(seed)))) {
    const [least, most] = bounds.get(fault)!;
    expect(lastsMs).toBeGreaterThanOrEqual(least);
    expect(lastsMs).toBeLessThanOrEqual(most);
  }
});

test('every fault has its turn before one comes again', () => {
  for (const seed of seeds) {
    const { engine, hands, leftOut } = scheduled(seed, 120);
    const [occurrences = []] = hands;
    const fitting = engine === 'redis' ? 4 : 3;
    expect(new Set(occurrences.slice(0, fitting).map(({ fault }) => fault)).size).toBe(fitting);
    expect(leftOut).toEqual(engine === 'redis' ? [] : ['of the engine’s Redis']);
  }
});

test('both engines have their turn, and faults that must all be there decide', () => {
  expect(new Set(seeds.map((seed) => scheduled(seed).engine)).size).toBe(2);
  for (const seed of seeds) expect(scheduled(seed, 60, 'all').engine).toBe('redis');
});

test('faults that need both engines cannot all be in one run', () => {
  const both: Schedulable[] = [...faults, { name: 'x', lastsMs: [1, 2], engine: 'memory' }];
  expect(() => scheduleOf({ seed: 1, seconds: 60, hands: [both], fit: 'all' })).toThrow('engines');
});

test('faults of several lists overlap, those of one do not, and each list has its turns', () => {
  const hands = [faults.slice(0, 2), faults.slice(2, 3)];
  let atOnce = 0;
  for (const seed of seeds) {
    const schedule = scheduleOf({ seed, seconds: 60, hands, fit: 'all' });
    expect(schedule.leftOut).toEqual([]);
    for (const [n, hand] of schedule.hands.entries()) {
      expect(hand.length).toBeGreaterThan(1);
      let calmFrom = 0;
      for (const { fault, atMs, lastsMs } of hand) {
        expect(hands[n]!.map(({ name }) => name)).toContain(fault);
        expect(atMs).toBeGreaterThan(calmFrom);
        calmFrom = atMs + lastsMs;
      }
    }
    const [first = [], second = []] = schedule.hands;
    const meet = first.some((one) =>
      second.some(
        (other) => one.atMs < other.atMs + other.lastsMs && other.atMs < one.atMs + one.lastsMs,
      ),
    );
    if (meet) atOnce += 1;
  }
  expect(atOnce).toBe(seeds.length);
});
