import { parseArgs } from 'node:util';

import { BROKEN } from './broken.ts';
import { ALL_FAULTS } from './faults/all.ts';
import { FEWEST_SECONDS } from './schedule.ts';

export const USAGE = `npm run chaos -- [--seed N] [--seconds S] [--faults a,b] [--at-once] [--broken NAME] [--out DIR]
  --seed N        what the schedule and the load are drawn from; any number when absent
  --seconds S     how long there is load and faults, at least ${FEWEST_SECONDS}; 60 when absent
  --faults a,b    these and no others; --list-faults names them
  --at-once       faults of Centrifugo and the workers, of Postgres and Redis, of apis and clients beside each other
  --broken NAME   with a part that is wrong on purpose: the verdict must find it; --list-broken names them
  --out DIR       where the report goes, as report.json and report.html; chaos-report when absent`;

export type Arguments = {
  seed: number;
  seconds: number;
  /** Null: whichever fit. */
  faults: string[] | null;
  /** Several at a time: those of different parts strike beside each other. */
  atOnce: boolean;
  broken: string | null;
  out: string;
};

export class BadArguments extends Error {
  override readonly name = 'BadArguments';
}

const OPTIONS = {
  seed: { type: 'string' },
  seconds: { type: 'string', default: '60' },
  faults: { type: 'string' },
  'at-once': { type: 'boolean', default: false },
  broken: { type: 'string' },
  out: { type: 'string', default: 'chaos-report' },
  'list-faults': { type: 'boolean', default: false },
  'list-broken': { type: 'boolean', default: false },
} as const;

/** What to run, or what to print instead. Throws `BadArguments`. */
export function readArguments(argv: readonly string[]): Arguments | { list: string[] } {
  const { values } = parse(argv);
  if (values['list-faults']) return { list: ALL_FAULTS.map(lineOf) };
  if (values['list-broken']) return { list: BROKEN.map(lineOf) };
  const faults = values.faults?.split(',').filter((name) => name !== '') ?? null;
  const unknown = faults?.find((name) => !ALL_FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined) throw new BadArguments(`there is no fault ${unknown}`);
  const broken = values.broken ?? null;
  if (broken !== null && !BROKEN.some(({ name }) => name === broken))
    throw new BadArguments(`there is no broken part ${broken}`);
  return {
    seed:
      values.seed === undefined
        ? Math.floor(Math.random() * 1_000_000)
        : wholeNumber('--seed', values.seed, 0),
    seconds: wholeNumber('--seconds', values.seconds, FEWEST_SECONDS),
    faults,
    atOnce: values['at-once'],
    broken,
    out: values.out,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS });
  } catch (error) {
    throw new BadArguments(error instanceof Error ? error.message : String(error));
  }
}

const MOST = 2 ** 32 - 1;

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > MOST)
    throw new BadArguments(`${option} must be a whole number, at least ${least}`);
  return value;
}

function lineOf({ name, about }: { name: string; about: string }): string {
  return `${name.padEnd(36)}${about}`;
}
