import { setTimeout as sleep } from 'node:timers/promises';

import { conversationChannel } from '@rov/realtime';

import { percentile } from '../harness/percentile.ts';
import type { Recorder } from '../harness/recorder.ts';
import type { Stack } from '../harness/stack.ts';
import { createSignal, until } from '../harness/until.ts';
import { judge } from '../harness/verdict.ts';
import type { Verdict } from '../harness/verdict.ts';
import { audit } from './audit.ts';
import type { Audit } from './audit.ts';
import { makeLanes, overRest, startLoad } from './load.ts';
import type { Lane, Load, SendOne, Sent } from './load.ts';
import { judgeWire } from './wire-verdict.ts';
import type { WireVerdict } from './wire-verdict.ts';

export type Trial = {
  stack: Stack;
  load: Load;
  /** How messages are sent; over REST unless said otherwise. */
  send?: SendOne;
  /** How long all is well before the fault, and after it, in ms. */
  beforeMs: number;
  afterMs: number;
  /** Breaks something, and resolves once it works again. */
  fault(): Promise<void>;
  /** How long a message may be missing once all receivers are back, or wait in the outbox, before it counts as lost. */
  graceMs: number;
};

export type Outcome = {
  /** How long each list below is. They are cut after some: people read them. */
  counts: Record<string, number>;
  /** What users saw. */
  eyes: Pick<Verdict, 'lost' | 'outOfOrder' | 'shownTwice'>;
  /** What sockets brought. */
  wire: WireVerdict;
  /** What Postgres holds. */
  tables: Audit;
  /** Sends that no try got acknowledged. */
  givenUp: string[];
  /** Publications in another shape than the contract's. */
  malformed: string[];
  figures: Figures;
};

export type Figures = {
  acknowledged: number;
  sentInFault: number;
  /** Sends whose first try failed. */
  triedAgain: number;
  /** Sends that an earlier try had stored without an answer. */
  replayed: number;
  /** Of first tries, p50 and p95. */
  answerMs: { healthy: [number, number]; inFault: [number, number] };
  faultMs: number;
  /** From the end of the fault until a receiver had seen the last message sent before it; p50 and the slowest. */
  recoveryMs: [number, number];
  /** From the end of the fault until the outbox held nothing that is older. */
  outboxEmptyMs: number;
  /** Reads over REST after the first, by all receivers, and how many of them an event had asked for. */
  refetches: number;
  resyncs: number;
};

const FEWEST_SENDS = 300;

/**
 * Sends at a steady pace into some conversations, lets the fault happen in the middle, and goes on until every
 * receiver is back. Then compares what was acknowledged with what was seen, heard and stored.
 */
export async function runTrial(trial: Trial): Promise<Outcome> {
  const { stack, send = overRest } = trial;
  const lanes = await makeLanes(stack, trial.load);
  const receivers = lanes.flatMap((lane) => lane.receivers);
  const load = startLoad({ send, lanes, sendsPerSecond: trial.load.sendsPerSecond });

  await sleep(trial.beforeMs);
  const from = performance.now();
  await trial.fault();
  const to = performance.now();
  const emptied = untilDelivered(stack, await newestWaiting(stack), trial.graceMs);
  await sleep(trial.afterMs);
  // A slow machine takes longer for as many.
  await until(() => load.begun() >= FEWEST_SENDS, { timeoutMs: 30_000, what: 'enough sends' });
  const sent = await load.stop();
  await everybodyBack(receivers);
  await untilAllSeen({ sent, lanes, graceMs: trial.graceMs });
  const emptiedAt = await emptied;
  const through = await newestWaiting(stack);
  await untilDelivered(stack, through, trial.graceMs);

  const acknowledged = sent.filter(({ status }) => status !== 0);
  if (acknowledged.length < FEWEST_SENDS) {
    throw new Error(`${acknowledged.length} acknowledged sends are too few to show anything`);
  }
  await untilAllHeard(acknowledged, receivers);
  const { lost, outOfOrder, shownTwice } = judge(acknowledged, receivers);
  const eyes = { lost, outOfOrder, shownTwice };
  const wire = judgeWire(acknowledged, receivers);
  const tables = await audit(stack.database.sql, acknowledged, { through });
  return {
    counts: { ...countsOf('eyes', eyes), ...countsOf('wire', wire), ...countsOf('tables', tables) },
    eyes: cutLists(eyes),
    wire: cutLists(wire),
    tables: cutLists(tables),
    givenUp: sent
      .filter(({ status }) => status === 0)
      .map(({ clientId, problems }) => `${clientId}: ${[...new Set(problems)].join(', ')}`),
    malformed: receivers.flatMap(({ malformed }) => malformed),
    figures: figuresOf({ sent, receivers, from, to, emptiedAt }),
  };
}

function countsOf(of: string, findings: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(findings).map(([key, found]) => [
      `${of}.${key}`,
      Array.isArray(found) ? found.length : Number(found),
    ]),
  );
}

const SHOWN = 4;

function cutLists<T extends object>(findings: T): T {
  const cut = (found: unknown): unknown =>
    Array.isArray(found) && found.length > SHOWN
      ? [...found.slice(0, SHOWN), `and ${found.length - SHOWN} more`]
      : found;
  return Object.fromEntries(Object.entries(findings).map(([key, found]) => [key, cut(found)])) as T;
}

function figuresOf(seen: {
  sent: Sent[];
  receivers: Recorder[];
  from: number;
  to: number;
  emptiedAt: number;
}): Figures {
  const { sent, receivers, from, to } = seen;
  const inFault = sent.filter(({ startedAt }) => startedAt >= from && startedAt < to);
  const healthy = sent.filter(({ startedAt }) => startedAt < from);
  const answers = (some: Sent[]): [number, number] => {
    const took = some.map(({ firstAnswerMs }) => firstAnswerMs);
    return [percentile(took, 50), percentile(took, 95)];
  };
  const recoveries = receivers.map((receiver) => recoveryOf(receiver, inFault, to));
  return {
    acknowledged: sent.filter(({ status }) => status !== 0).length,
    sentInFault: inFault.length,
    triedAgain: sent.filter(({ problems }) => problems.length > 0).length,
    replayed: sent.filter(({ status }) => status === 200).length,
    answerMs: { healthy: answers(healthy), inFault: answers(inFault) },
    faultMs: Math.round(to - from),
    recoveryMs: [percentile(recoveries, 50), percentile(recoveries, 100)],
    outboxEmptyMs: Math.round(seen.emptiedAt - to),
    refetches: receivers.reduce((sum, receiver) => sum + receiver.refetches(), 0),
    resyncs: receivers
      .flatMap(({ raw }) => raw)
      .filter(({ data }) => data['type'] === 'resync')
      .filter(
        ({ channel, data }) => channel === conversationChannel(String(data['conversationId'])),
      ).length,
  };
}

function recoveryOf(receiver: Recorder, inFault: Sent[], to: number): number {
  const awaited = new Set(inFault.map(({ clientId }) => clientId));
  const seen = receiver.conversations
    .flatMap((id) => receiver.shown(id))
    .filter(({ clientId }) => awaited.has(clientId));
  return Math.max(0, ...seen.map(({ shownAt }) => shownAt - to));
}

async function everybodyBack(receivers: Recorder[]): Promise<void> {
  await Promise.all(
    receivers.map((receiver) =>
      receiver.until(() => receiver.isReady(), {
        timeoutMs: 30_000,
        what: `${receiver.name} to be back (${receiver.ends.join(', ')})`,
      }),
    ),
  );
}

/** Waits for the last of them, not for ever: what is missing then is the verdict's business. */
async function untilAllSeen(options: {
  sent: Sent[];
  lanes: Lane[];
  graceMs: number;
}): Promise<void> {
  const { sent, lanes, graceMs } = options;
  const changed = createSignal();
  const receivers = lanes.flatMap((lane) => lane.receivers);
  const stops = receivers.map((receiver) => receiver.changed.listen(() => changed.fire()));
  const expected = new Map(
    lanes.map(({ conversationId }) => [
      conversationId,
      sent.filter((send) => send.conversationId === conversationId && send.status !== 0).length,
    ]),
  );
  const complete = (receiver: Recorder): boolean =>
    receiver.conversations.every((id) => receiver.shown(id).length >= expected.get(id)!);
  await until(() => receivers.every(complete), {
    timeoutMs: graceMs,
    what: 'all',
    on: [changed],
  }).catch(() => undefined);
  for (const stop of stops) stop();
}

/** The sockets may be a moment behind the outbox. What they have not brought then is the verdict's business. */
async function untilAllHeard(acknowledged: Sent[], receivers: Recorder[]): Promise<void> {
  await until(() => judgeWire(acknowledged, receivers).unheard.length === 0, {
    timeoutMs: 2_000,
    what: 'the sockets',
    on: receivers.map(({ changed }) => changed),
  }).catch(() => undefined);
}

async function newestWaiting({ database: { sql } }: Stack): Promise<number> {
  const [newest] = await sql`SELECT coalesce(max(id), 0)::int AS id FROM outbox`;
  return newest!['id'] as number;
}

/** When the outbox had delivered all of them. What stays in it is the audit's business. */
async function untilDelivered(
  { database: { sql } }: Stack,
  through: number,
  timeoutMs: number,
): Promise<number> {
  const gone = async (): Promise<boolean> =>
    (await sql`SELECT FROM outbox WHERE id <= ${through} LIMIT 1`).length === 0;
  await until(gone, { timeoutMs, what: 'the outbox to be emptied' }).catch(() => undefined);
  return performance.now();
}
