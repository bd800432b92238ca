import { parseArgs } from 'node:util';

import { SCENARIOS } from './scenarios/names.ts';
import type { ScenarioName } from './scenarios/names.ts';

export type Options = {
  quick: boolean;
  /** How often everything is measured. */
  runs: number;
  only: readonly ScenarioName[];
  /** See `sizesOf`. */
  scale: number;
  rates: readonly number[] | undefined;
};

export const USAGE = `npm run bench [-- --quick] [--runs 5] [--only ${SCENARIOS.join(',')}]
  --scale 0.05     smaller amounts, for work on the bench itself
  --rates 100,500  sends a second of the pipeline`;

/** @throws {Error} Arguments that nobody understands; its message says which. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      only: { type: 'string' },
      scale: { type: 'string', default: '1' },
      rates: { type: 'string' },
    },
  });
  return {
    quick: values.quick,
    runs: wholeNumber('--runs', values.runs ?? (values.quick ? '1' : '5')),
    only: values.only === undefined ? SCENARIOS : values.only.split(',').map(scenario),
    scale: share(values.scale),
    rates: values.rates?.split(',').map((rate) => wholeNumber('--rates', rate)),
  };
}

function scenario(name: string): ScenarioName {
  const known = SCENARIOS.find((one) => one === name);
  if (known === undefined) throw new Error(`--only ${name} is none of ${SCENARIOS.join(', ')}`);
  return known;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${option} ${text} is no whole number`);
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new Error(`--scale ${text} is not above 0 and at most 1`);
  return value;
}
