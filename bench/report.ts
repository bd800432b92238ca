import type { Line } from './line.ts';
import type { Machine } from './machine.ts';
import type { Options } from './options.ts';
import { readable } from './readable.ts';
import type { Run } from './reading.ts';
import { spreadOf } from './spread.ts';
import type { Spread } from './spread.ts';

/** All of one figure of one contender, over several runs. */
export type Row = Spread & {
  what: string;
  contender: string;
  unit: string;
  values: number[];
  /** What the sink complained of, run by run; those that had nothing to complain of are left out. */
  faults: string[];
};

export type Report = {
  measuredAt: string;
  machine: Machine;
  options: Options;
  rows: Row[];
  lines: Line[];
};

/** In the order in which they were measured. */
export function rowsOf(runs: readonly Run[]): Row[] {
  const groups = Map.groupBy(runs.flat(), ({ what, contender }) => `${what}\n${contender}`);
  return [...groups.values()].flatMap((readings) => {
    const [first] = readings;
    if (!first) return [];
    const { what, contender, unit } = first;
    const values = readings.map(({ value }) => value);
    const faults = readings.flatMap(({ fault }) => fault ?? []);
    return [{ what, contender, unit, values, faults, ...spreadOf(values) }];
  });
}

/** The report as Markdown. */
export function tableOf({ measuredAt, machine, options, rows, lines }: Report): string {
  const { processors, memoryGiB, system, load, commit, versions } = machine;
  const amounts = [options.quick ? 'quick' : 'full', ...(options.scale < 1 ? ['scaled'] : [])];
  return [
    `# Measured ${measuredAt}`,
    '',
    `${processors}, ${memoryGiB} GiB, ${system}; load ${load} before; commit ${commit}; ${amounts.join(', ')}.`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    '',
    ...lines.map(({ text }) => `- ${text}`),
    '',
    '| what | contender | median | range | runs | at the socket |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(rowText),
    '',
  ].join('\n');
}

function rowText({ what, contender, unit, median, lowest, highest, values, faults }: Row): string {
  const range = values.length === 1 ? '' : `${readable(lowest)}–${readable(highest)}`;
  const sink = faults.length === 0 ? 'all, once, in order' : faults.join('; ');
  return `| ${what} | ${contender} | ${readable(median)} ${unit} | ${range} | ${values.length} | ${sink} |`;
}
