/**
 * `npm run chaos`: load over REST, pages on WebSockets, faults by a schedule that a seed decides, and a verdict over what
 * both ends wrote down. Exit code 0 when everything acknowledged was heard once and in order, 1 when not, 2 when the
 * run shows nothing (a fault that struck nothing, or arguments that make no sense).
 */
import { centrifugoIsGiven } from '../harness/centrifugo.ts';
import { BadArguments, readArguments, USAGE } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { exitCodeOf } from './report/report.ts';
import { saveReport } from './report/save-report.ts';
import { summaryOf } from './report/summary.ts';
import { planOf, runChaos } from './run.ts';

const say = (line: string): void => console.log(line);

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  if ('list' in args) {
    for (const line of args.list) say(line);
    return 0;
  }
  if (centrifugoIsGiven) throw new BadArguments('a Centrifugo given by URL is not ours to break');
  return chaos(args);
}

/** Servers, doors, and a minute for the quiet at the end; with everything else a run may take twice its time. */
const BESIDE_THE_LOAD_MS = 300_000;

async function chaos(args: Arguments): Promise<number> {
  const schedule = planOf(args);
  const command = commandOf(args);
  say(command);
  say(
    `  ${schedule.hands.flat().length} faults; starting servers (the first time a stand-in for Centrifugo may be built)`,
  );

  const ending = new AbortController();
  // Not `once`: a second Ctrl-C must not end us before everything is stopped.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => ending.abort(new Interrupted(`ended by ${signal}`)));
  }
  process.on('unhandledRejection', (error) => ending.abort(error));
  const tooLong = 2_000 * args.seconds + BESIDE_THE_LOAD_MS;
  setTimeout(() => ending.abort(new Error('the run took too long')), tooLong).unref();

  const undo: (() => unknown)[] = [];
  try {
    const report = await runChaos(args, {
      schedule,
      command,
      interrupted: ending.signal,
      undo,
      say,
    });
    ending.signal.throwIfAborted();
    for (const line of summaryOf(report)) say(line);
    say(`  ${(await saveReport(report, args.out)).join(' ')}`);
    return exitCodeOf(report);
  } catch (error) {
    const reason: unknown = ending.signal.aborted ? ending.signal.reason : error;
    say(reason instanceof Interrupted ? reason.message : `FAILED: ${String(reason)}`);
    return reason instanceof Interrupted ? 130 : 2;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

class Interrupted extends Error {}

function commandOf({ seed, seconds, faults, broken, atOnce }: Arguments): string {
  const parts = [`--seed ${seed}`, `--seconds ${seconds}`];
  if (faults) parts.push(`--faults ${faults.join(',')}`);
  if (atOnce) parts.push('--at-once');
  if (broken) parts.push(`--broken ${broken}`);
  return `npm run chaos -- ${parts.join(' ')}`;
}

const code = await main().catch((error: unknown) => {
  console.error(error instanceof BadArguments ? `${error.message}\n${USAGE}` : error);
  return 2;
});
// Pages and sockets that were open may still keep the process.
process.exit(code);
