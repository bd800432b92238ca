/**
 * `npm run bench` measures the product beside what it is compared with, in one run and on one machine, and prints a
 * line for each budget (docs/benchmarks.md). Exit code 1 when a budget is missed.
 */
import { cpus } from 'node:os';

import { startOwnPostgres } from '../test/harness/own-server.ts';
import { startServers } from '../test/harness/servers.ts';
import type { Servers } from '../test/harness/servers.ts';
import { BUDGETS } from './budgets.ts';
import { takingPart } from './contenders/taking-part.ts';
import { lineOf } from './line.ts';
import { askCentrifugo, describeMachine } from './machine.ts';
import { readOptions, USAGE } from './options.ts';
import type { Options } from './options.ts';
import { readable } from './readable.ts';
import type { Reading, Run } from './reading.ts';
import { rowsOf } from './report.ts';
import { MEASURES } from './scenarios/all.ts';
import { sizesOf } from './sizes.ts';
import { writeReport } from './write-report.ts';

const say = (line: string): void => console.log(line);
const options = optionsOrExit();
const shared = await startServers((line) => say(`  ${line}`));
// Not the tests' own, which forgets in a power cut and is faster for it.
const postgres = await startOwnPostgres(shared.servers);
const stopOnce = async (): Promise<void> => {
  await postgres.server.stop();
  // Also ends whatever else is still running of this run.
  await shared.stop();
};
let stopping: Promise<void> | undefined;
const stopAll = (): Promise<void> => (stopping ??= stopOnce());
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say(`  ended by ${signal}`);
    // What is being measured has its servers taken away, and must not end the process before all are gone.
    process.on('unhandledRejection', () => undefined);
    void stopAll().finally(() => process.exit(1));
  });
}

try {
  await measureAll(postgres.servers);
} finally {
  await stopAll();
}

async function measureAll(servers: Servers): Promise<void> {
  const centrifugo = await askCentrifugo(servers.ledger);
  const machine = await describeMachine(servers, centrifugo.version);
  const { processors, load, versions } = machine;
  say(`  ${processors}, load ${load}; ${JSON.stringify(versions)}; ${options.runs} run(s)`);
  if (load > cpus().length / 2) say('  this machine is busy with something else: mind the figures');
  if (!centrifugo.isReal)
    say('  no real Centrifugo by CENTRIFUGO_BIN or on PATH: its consumer stays out');

  const runs: Run[] = [];
  for (let run = 0; run < options.runs; run += 1) {
    runs.push(await measureOnce(servers, { run, isRealCentrifugo: centrifugo.isReal }));
  }
  const lines = BUDGETS.filter(({ scenario }) => options.only.includes(scenario)).map((budget) =>
    lineOf(budget, runs),
  );
  for (const { text } of lines) say(text);
  if (lines.some(({ verdict }) => verdict === 'FAIL')) process.exitCode = 1;
  if (options.quick) return;
  const measuredAt = new Date().toISOString();
  say(
    `  written: ${await writeReport({ measuredAt, machine, options, rows: rowsOf(runs), lines })}`,
  );
}

async function measureOnce(
  servers: Servers,
  { run, isRealCentrifugo }: { run: number; isRealCentrifugo: boolean },
): Promise<Reading[]> {
  const sizes = sizesOf(options);
  const readings: Reading[] = [];
  const record = (reading: Reading): void => {
    const { what, contender, value, unit, fault } = reading;
    readings.push(reading);
    say(`  ${what}: ${contender} ${readable(value)} ${unit}; ${fault ?? 'all, once, in order'}`);
  };
  for (const scenario of options.only) {
    const { everybody } = sizes;
    const contenders = takingPart({ scenario, everybody, isRealCentrifugo, run });
    const began = performance.now();
    await MEASURES[scenario]({ servers, sizes, contenders, record });
    say(`  ${scenario} took ${readable((performance.now() - began) / 1_000)} s`);
  }
  return readings;
}

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}
