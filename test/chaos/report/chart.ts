import { escaped } from './escaped.ts';
import type { FaultReport, Report } from './report.ts';
import { MOMENT_MS } from './timeline.ts';
import type { Moment } from './timeline.ts';

const WIDTH = 1_080;
const LEFT = 64;
const RIGHT = WIDTH - 12;
/** Top and bottom of the panels, from above. */
const FAULTS = { top: 8, bottom: 84 };
const LAG = { top: 104, bottom: 284 };
const WAITING = { top: 318, bottom: 398 };
const PACE = { top: 432, bottom: 512 };
const HEIGHT = 540;
const LABEL_ROWS = 4;

type Panel = { top: number; bottom: number };
type Scale = (value: number) => number;

/** The time line as an SVG: faults, delivery lag, what waited in the outbox, and how much was sent and shown. */
export function chartOf({ timeline, faults, seconds }: Report): string {
  const lastMs = Math.max(seconds * 1_000, (timeline.at(-1)?.atMs ?? 0) + MOMENT_MS);
  const x: Scale = (ms) => LEFT + (ms / lastMs) * (RIGHT - LEFT);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Faults and delivery over time">`,
    ...faults.flatMap((fault, place) => faultMarks(fault, { x, place })),
    ...lagPanel(timeline, x),
    ...linearPanel(WAITING, 'events in the outbox', [
      { className: 'waiting', x, points: pointsOf(timeline, ({ waiting }) => waiting) },
    ]),
    ...linearPanel(PACE, 'messages a second: acknowledged, shown', [
      {
        className: 'shown',
        x,
        points: pointsOf(timeline, ({ delivered }) => perSecond(delivered)),
      },
      {
        className: 'sent',
        x,
        points: pointsOf(timeline, ({ acknowledged }) => perSecond(acknowledged)),
      },
    ]),
    ...timeAxis(lastMs, x),
    '</svg>',
  ].join('\n');
}

const perSecond = (count: number): number => (count * 1_000) / MOMENT_MS;

type Point = { atMs: number; value: number };

function pointsOf(timeline: readonly Moment[], of: (moment: Moment) => number | null): Point[] {
  return timeline.flatMap((moment) => {
    const value = of(moment);
    return value === null ? [] : [{ atMs: moment.atMs, value }];
  });
}

function faultMarks(fault: FaultReport, { x, place }: { x: Scale; place: number }): string[] {
  const [from, to] = [x(fault.fromMs), Math.max(x(fault.toMs), x(fault.fromMs) + 2)];
  const width = (to - from).toFixed(1);
  const rowHeight = (FAULTS.bottom - FAULTS.top) / LABEL_ROWS;
  const y = FAULTS.top + (place % LABEL_ROWS) * rowHeight;
  const name = escaped(fault.fault);
  const isLate = from > (LEFT + RIGHT) / 1.6;
  return [
    `<rect class="band" x="${from.toFixed(1)}" y="${FAULTS.top}" width="${width}" height="${PACE.bottom - FAULTS.top}"/>`,
    `<rect class="fault" x="${from.toFixed(1)}" y="${y}" width="${width}" height="4"><title>${name}: ${escaped(fault.evidence)}</title></rect>`,
    `<text class="name" x="${(isLate ? to : from).toFixed(1)}" y="${y + 15}"${isLate ? ' text-anchor="end"' : ''}>${name}</text>`,
  ];
}

const LEAST_LAG_MS = 1;

function lagPanel(timeline: readonly Moment[], x: Scale): string[] {
  const most = Math.max(1_000, ...timeline.map(({ lagMax }) => lagMax ?? 0));
  const decades = Math.ceil(Math.log10(most));
  const y: Scale = (ms) =>
    LAG.bottom - (Math.log10(Math.max(LEAST_LAG_MS, ms)) / decades) * (LAG.bottom - LAG.top);
  const steps = Array.from({ length: decades + 1 }, (_, decade) => 10 ** decade);
  return [
    title(LAG, 'from acknowledgement to page: slowest and half of all'),
    ...steps.map((ms) => gridLine(y(ms), ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`)),
    line(
      'slowest',
      pointsOf(timeline, ({ lagMax }) => lagMax),
      { x, y },
    ),
    line(
      'middle',
      pointsOf(timeline, ({ lagP50 }) => lagP50),
      { x, y },
    ),
  ];
}

function linearPanel(
  panel: Panel,
  what: string,
  series: readonly { className: string; points: Point[]; x: Scale }[],
): string[] {
  const most = Math.max(1, ...series.flatMap(({ points }) => points.map(({ value }) => value)));
  const y: Scale = (value) => panel.bottom - (value / most) * (panel.bottom - panel.top);
  return [
    title(panel, what),
    gridLine(panel.bottom, '0'),
    gridLine(panel.top, String(Math.round(most))),
    ...series.map(({ className, points, x }) => line(className, points, { x, y })),
  ];
}

function line(
  className: string,
  points: readonly Point[],
  { x, y }: { x: Scale; y: Scale },
): string {
  const path = points.map(({ atMs, value }) => `${x(atMs).toFixed(1)},${y(value).toFixed(1)}`);
  return `<polyline class="${className}" points="${path.join(' ')}"/>`;
}

function title({ top }: Panel, what: string): string {
  return `<text class="title" x="${LEFT}" y="${top - 6}">${what}</text>`;
}

function gridLine(y: number, label: string): string {
  return `<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/><text class="tick" x="${LEFT - 6}" y="${(y + 4).toFixed(1)}" text-anchor="end">${label}</text>`;
}

function timeAxis(lastMs: number, x: Scale): string[] {
  const everyS = [1, 2, 5, 10, 20, 30, 60, 120, 300].find((s) => lastMs / 1_000 / s <= 14) ?? 600;
  const ticks = Math.floor(lastMs / 1_000 / everyS);
  return Array.from({ length: ticks + 1 }, (_, tick) => {
    const at = x(tick * everyS * 1_000).toFixed(1);
    return `<text class="tick" x="${at}" y="${HEIGHT - 10}" text-anchor="middle">${tick * everyS} s</text>`;
  });
}
