import { expect, test } from 'vitest';

import { pageOf } from './page.ts';
import { cut, exitCodeOf } from './report.ts';
import type { Report } from './report.ts';
import { caughtOf, summaryOf } from './summary.ts';
import { recoveryOf, timelineOf } from './timeline.ts';

const none = cut([]);
const report: Report = {
  command: 'npm run chaos -- --seed 7 --seconds 30',
  seed: 7,
  seconds: 30,
  sendsPerSecond: 60,
  engine: 'memory',
  centrifugo: 'stand-in (Go)',
  broken: null,
  startedAt: '2026-01-31T12:00:00.000Z',
  schedule: { occurrences: [], leftOut: ['redis-killed'] },
  faults: [
    {
      fault: 'centrifugo-killed',
      plannedAtMs: 2_500,
      fromMs: 2_510,
      toMs: 5_000,
      struck: 12,
      evidence: '1 of 1 node killed, 12 pages cut off',
      acknowledged: 140,
      recoveryMs: 1_300,
    },
  ],
  requests: { send: { acknowledged: 1_800, refused: 0, unanswered: 3 } },
  problems: { '503 <database_unavailable>': 3 },
  messages: { acknowledged: 1_800, delivered: 3_600, lost: 0, duplicated: 0, reordered: 0 },
  findings: { lost: none, duplicated: none, reordered: none },
  excused: { duplicated: 2, reordered: 0 },
  stuck: [],
  malformed: [],
  outOfReach: [],
  void: [],
  lagMs: { p50: 12, p99: 400, max: 2_000 },
  ownDelayMs: 40,
  reloads: 4,
  quietAfterMs: 4_200,
  dossiers: [],
  timeline: timelineOf({
    began: 0,
    ended: 30_000,
    acknowledgedAt: [100],
    deliveries: [],
    samples: [],
  }),
};
const lost = { ...report.findings, lost: cut([{ witness: 'eyes', what: 'Ann: <m1>' }]) };

test('the exit code says whether anything was found, and whether the run shows anything', () => {
  expect(exitCodeOf(report)).toBe(0);
  expect(exitCodeOf({ ...report, findings: lost })).toBe(1);
  expect(exitCodeOf({ ...report, stuck: ['3 events wait in the outbox'] })).toBe(1);
  expect(exitCodeOf({ ...report, malformed: ['x'] })).toBe(1);
  expect(exitCodeOf({ ...report, void: ['redis-killed struck nothing'] })).toBe(2);
  expect(exitCodeOf({ ...report, findings: lost, void: ['x'] })).toBe(1);
});

test('a broken part is caught when the verdict has a word for it, and not when the run is merely stuck', () => {
  expect(caughtOf({ ...report, broken: 'id-cursor', findings: lost })).toBe(
    'caught: id-cursor (lost 1)',
  );
  const stuck = { ...report, broken: 'id-cursor', stuck: ['9 events wait in the outbox'] };
  expect(caughtOf(stuck)).toBe('NOT caught: id-cursor');
  expect(summaryOf(stuck).at(-1)).toContain('NOT caught');
});

test('the page needs nothing from elsewhere and is free of what texts contain', () => {
  const page = pageOf({ ...report, findings: lost });
  expect(page).toContain('Lost 0, duplicated 0, reordered 0');
  expect(page).toContain('Ann: &lt;m1&gt;');
  expect(page).not.toContain('<m1>');
  expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/);
  expect(page).toContain('centrifugo-killed');
  expect(page).toContain('Not in this run: redis-killed.');
});

test('the time line has a moment for each quarter of a second', () => {
  const timeline = timelineOf({
    began: 1_000,
    ended: 1_600,
    acknowledgedAt: [1_010, 1_240, 1_300],
    deliveries: [
      { acknowledgedAt: 1_010, shownAt: 1_020 },
      { acknowledgedAt: 1_240, shownAt: 1_540 },
      { acknowledgedAt: 1_300, shownAt: 1_299 },
    ],
    samples: [
      { at: 1_100, waiting: 5 },
      { at: 1_520, waiting: null },
    ],
  });
  expect(timeline).toEqual([
    { atMs: 0, acknowledged: 2, delivered: 1, lagP50: 10, lagMax: 300, waiting: 5 },
    { atMs: 250, acknowledged: 1, delivered: 1, lagP50: 0, lagMax: 0, waiting: 5 },
    { atMs: 500, acknowledged: 0, delivered: 1, lagP50: null, lagMax: null, waiting: null },
  ]);
});

test('recovery is over when the last page shows what was acknowledged before the end of the fault', () => {
  const deliveries = [
    { acknowledgedAt: 10, shownAt: 15 },
    { acknowledgedAt: 90, shownAt: 340 },
    { acknowledgedAt: 120, shownAt: 900 },
  ];
  expect(recoveryOf({ to: 100 }, deliveries)).toBe(240);
  expect(recoveryOf({ to: 20 }, [deliveries[0]!])).toBe(0);
});
