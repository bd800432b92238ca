import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Arguments } from './arguments.ts';
import { BROKEN } from './broken.ts';
import type { StandIn } from './broken.ts';
import { ALL_FAULTS, FAULTS } from './faults/all.ts';
import type { Field } from './faults/fault.ts';
import { prepareGround } from './ground.ts';
import { gather } from './load/cast.ts';
import { openLedger } from './load/ledger.ts';
import { startLoad } from './load/load.ts';
import { startProgress } from './progress.ts';
import type { Report } from './report/report.ts';
import { writeUp } from './report/write-up.ts';
import { scheduleOf } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { strikeAll } from './strike-all.ts';
import { untilQuiet } from './until-quiet.ts';
import { openDossiers } from './verdict/dossier.ts';
import { hearCase } from './verdict/hear-case.ts';
import { messagesOnly } from './verdict/messages-only.ts';
import { reachVerdict } from './verdict/verdict.ts';
import { watchOutbox } from './watch-outbox.ts';

const SENDS_PER_SECOND = 60;
const QUIET_WITHIN_MS = 60_000;

/** Which faults, in which order and when: known before anything is started. */
export function planOf({ seed, seconds, faults, broken, atOnce }: Arguments): Schedule {
  const names = faults ?? BROKEN.find(({ name }) => name === broken)?.faults;
  return scheduleOf({
    seed,
    seconds,
    hands: (atOnce ? FAULTS : [ALL_FAULTS]).map((hand) =>
      names ? hand.filter(({ name }) => names.includes(name)) : hand,
    ),
    fit: names ? 'all' : 'some',
  });
}

export type Context = {
  schedule: Schedule;
  /** How to run the same again, for the report. */
  command: string;
  interrupted: AbortSignal;
  /** Takes what ends whatever was started; the last goes first. */
  undo: (() => unknown)[];
  say: (line: string) => void;
};

/** Load, faults, and what came of them. Sends nothing between the end of the load and the verdict. */
export async function runChaos(args: Arguments, context: Context): Promise<Report> {
  const { schedule, command, interrupted, say } = context;
  const startedAt = new Date();
  const { standIn, ...prepared } = await prepare(args, context);
  const onTrial = await underLoad(args, { ...context, ...prepared, send: standIn?.send });
  const { ledger, field } = onTrial;
  say('  healed; waiting until all is quiet');
  const stuck = await untilQuiet(field, {
    limitMs: QUIET_WITHIN_MS,
    isDrained: !standIn?.send,
    interrupted,
  });
  const quietAt = performance.now();
  onTrial.outbox.stop();

  const given = await hearCase(field, ledger.deeds);
  const verdict = reachVerdict(standIn?.send ? messagesOnly(given) : given);
  const findings = [...verdict.lost, ...verdict.duplicated, ...verdict.reordered];
  const dossiers = await openDossiers(field, {
    findings: findings.map(({ what }) => what),
    deeds: ledger.deeds,
    began: onTrial.began,
  });
  const { seed, seconds, broken } = args;
  return writeUp(
    {
      command,
      seed,
      seconds,
      sendsPerSecond: SENDS_PER_SECOND,
      broken,
      startedAt,
      schedule,
      began: onTrial.began,
      ended: onTrial.ended,
      quietAt,
      strikes: onTrial.strikes,
      ledger,
      samples: onTrial.outbox.samples,
      verdict,
      stuck,
      malformed: standIn?.send ? [] : malformedOf(field),
      ownDelayMs: onTrial.ownDelayMs,
      dossiers,
    },
    field,
  );
}

/** Kinds of events that were in another shape than the contract’s, each once. */
function malformedOf({ cast }: Pick<Field, 'cast'>): string[] {
  const all = cast.clients.flatMap(({ recorder }) => recorder.malformed);
  const byKind = new Map(all.map((text) => [/\S+(?=: )/.exec(text)?.[0] ?? text, text]));
  return [...byKind.values()];
}

type Prepared = Omit<Field, 'load'> & { standIn: StandIn | undefined };

async function prepare(args: Arguments, context: Context): Promise<Prepared> {
  const { schedule, interrupted, undo, say } = context;
  const broken = BROKEN.find(({ name }) => name === args.broken);
  const ground = await prepareGround({
    engine: schedule.engine,
    ...(broken?.ground ?? { workers: true }),
  });
  undo.push(() => ground.stop());
  interrupted.throwIfAborted();
  const standIn = broken?.standIn?.(ground);
  undo.push(() => standIn?.close());
  const cast = await gather(ground);
  undo.push(() => cast.close());
  interrupted.throwIfAborted();
  const { tier } = ground.stack.centrifugo;
  say(`  Centrifugo: ${tier}, its state in ${schedule.engine}; ${cast.clients.length} pages open`);
  return { ...ground, cast, standIn };
}

async function underLoad(
  args: Arguments,
  context: Context & Omit<Prepared, 'standIn'> & { send: StandIn['send'] },
) {
  const { schedule, interrupted, undo, say, send, ...ground } = context;
  const { cast, stack } = ground;
  const ledger = openLedger();
  const outbox = watchOutbox(stack.database.sql);
  undo.push(() => outbox.stop());
  const ownDelay = monitorEventLoopDelay();
  ownDelay.enable();
  const began = performance.now();
  const load = startLoad({
    cast,
    ledger,
    seed: args.seed,
    sendsPerSecond: SENDS_PER_SECOND,
    send,
  });
  undo.push(() => load.quit());
  const underWay = new Set<string>();
  const progress = startProgress({
    began,
    seconds: args.seconds,
    ledger,
    samples: outbox.samples,
    cast,
    faults: underWay,
    say,
  });
  undo.push(() => progress.stop());
  const field: Field = { ...ground, load };
  const strikes = await strikeAll({
    hands: schedule.hands,
    faults: ALL_FAULTS,
    field,
    began,
    interrupted,
    onBegin: (name) => underWay.add(name),
    onEnd: (strike) => {
      underWay.delete(strike.fault);
      progress.tell(strike);
    },
  });
  const left = Math.max(0, began + args.seconds * 1_000 - performance.now());
  await sleep(left, undefined, { signal: interrupted });
  await load.stop();
  progress.stop();
  ownDelay.disable();
  const ownDelayMs = Math.round(ownDelay.max / 1e6);
  return { field, ledger, outbox, strikes, began, ended: performance.now(), ownDelayMs };
}
