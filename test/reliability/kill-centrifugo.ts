import { setTimeout as sleep } from 'node:timers/promises';

import type { Person } from '../harness/people.ts';
import type { Recorder } from '../harness/recorder.ts';
import { RestProblem } from '../harness/rest.ts';
import type { Stack } from '../harness/stack.ts';
import { createSignal, until } from '../harness/until.ts';
import { judge } from '../harness/verdict.ts';
import type { AcknowledgedSend, Verdict } from '../harness/verdict.ts';

export type Lane = { conversationId: string; sender: Person; receivers: Recorder[] };

/** Stores and announces one message, in whatever way is on trial. */
export type SendOne = (
  lane: Pick<Lane, 'conversationId' | 'sender'>,
  message: { clientId: string; content: string },
) => Promise<{ status: number; seq: number }>;

export type Scenario = {
  stack: Stack;
  send: SendOne;
  conversations: number;
  receiversEach: number;
  sendsPerSecond: number;
  healthyMs: number;
  downMs: number;
  /** How long a message may be missing once all receivers are back, before it counts as lost. */
  graceMs: number;
};

export type Outcome = {
  verdict: Verdict;
  /** Answers other than 201, and calls without an answer. */
  notCreated: string[];
  /** Publications in another shape than the contract's. */
  malformed: string[];
  figures: {
    sends: number;
    sentWhileDown: number;
    answerMs: { healthyP50: number; healthyP95: number; downP50: number; downP95: number };
    /** From the port being open again until a receiver had seen the last message that was written before. */
    recoveryMs: { p50: number; max: number };
    /** From the port being open again until the outbox held nothing older. */
    outboxEmptyMs: number;
    refetches: number;
    rawDuplicates: number;
  };
};

type Sent = AcknowledgedSend & {
  startedAt: number;
  tookMs: number;
  status: number;
  problem?: string;
};

/**
 * Sends at a steady pace into some conversations, kills Centrifugo in the middle, starts it again, and goes on until
 * every receiver is back. Then compares what was acknowledged with what was seen.
 */
export async function killCentrifugoUnderLoad(scenario: Scenario): Promise<Outcome> {
  const { stack } = scenario;
  const lanes = await makeLanes(scenario);
  const receivers = lanes.flatMap((lane) => lane.receivers);
  const load = startLoad(scenario, lanes);

  await sleep(scenario.healthyMs);
  const killedAt = performance.now();
  await stack.centrifugo.kill();
  await sleep(scenario.downMs);
  await stack.centrifugo.restart();
  const openAt = performance.now();
  const emptied = untilOutboxEmpty(stack);
  await everybodyBack(receivers);
  const sent = await load.stop();
  await untilAllSeen({ sent, lanes, graceMs: scenario.graceMs });

  const created = sent.filter(({ status }) => status === 201);
  const verdict = judge(created, receivers);
  const before = sent.filter(({ startedAt }) => startedAt < killedAt).map(({ tookMs }) => tookMs);
  const down = sent.filter(({ startedAt }) => startedAt >= killedAt && startedAt < openAt);
  const whileDown = down.map(({ tookMs }) => tookMs);
  const recoveries = receivers.map((receiver) => recoveryOf(receiver, { down, openAt }));
  return {
    verdict,
    notCreated: sent
      .filter(({ status }) => status !== 201)
      .map(({ clientId, status, problem }) => `${clientId}: ${status} ${problem}`),
    malformed: receivers.flatMap(({ malformed }) => malformed),
    figures: {
      sends: sent.length,
      sentWhileDown: down.length,
      answerMs: {
        healthyP50: percentile(before, 50),
        healthyP95: percentile(before, 95),
        downP50: percentile(whileDown, 50),
        downP95: percentile(whileDown, 95),
      },
      recoveryMs: { p50: percentile(recoveries, 50), max: percentile(recoveries, 100) },
      outboxEmptyMs: Math.round((await emptied) - openAt),
      refetches: receivers.reduce((sum, receiver) => sum + receiver.refetches(), 0),
      rawDuplicates: verdict.rawDuplicates,
    },
  };
}

async function makeLanes({ stack, conversations, receiversEach }: Scenario): Promise<Lane[]> {
  const { people } = stack;
  const lanes = await Promise.all(
    Array.from({ length: conversations }, async (_, lane) => {
      const sender = await people.person(`Sender${lane}`);
      const listeners = await people.persons(
        ...Array.from({ length: receiversEach }, (_, n) => `Receiver${lane}.${n}`),
      );
      const conversationId = await people.group(sender, ...listeners);
      const receivers = listeners.map((person) =>
        stack.record({ person, conversations: [conversationId], chat: true }),
      );
      return { conversationId, sender, receivers };
    }),
  );
  await Promise.all(
    lanes.flatMap(({ receivers }) => receivers.map((receiver) => receiver.ready(30_000))),
  );
  return lanes;
}

/** An open loop: a slow answer does not slow down the next send, as with real people. */
function startLoad(scenario: Scenario, lanes: Lane[]): { stop(): Promise<Sent[]> } {
  const everyMs = 1_000 / scenario.sendsPerSecond;
  const began = performance.now();
  const underWay: Promise<Sent>[] = [];
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - began) / everyMs);
    while (underWay.length < due) {
      const lane = lanes[underWay.length % lanes.length]!;
      underWay.push(sendOne(scenario.send, { lane, clientId: `message-${underWay.length}` }));
    }
  }, 5);
  return {
    stop: async () => {
      clearInterval(timer);
      return Promise.all(underWay);
    },
  };
}

async function sendOne(
  send: SendOne,
  { lane, clientId }: { lane: Lane; clientId: string },
): Promise<Sent> {
  const startedAt = performance.now();
  const { conversationId } = lane;
  const answer = await send(lane, { clientId, content: `This is ${clientId}.` }).catch(
    (error: unknown) => ({
      status: error instanceof RestProblem ? error.status : 0,
      seq: 0,
      problem: String(error),
    }),
  );
  return { conversationId, clientId, startedAt, tookMs: performance.now() - startedAt, ...answer };
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
      sent.filter((send) => send.conversationId === conversationId && send.status === 201).length,
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

/** When the outbox had delivered all that was written before now; never, for a sender that does without one. */
async function untilOutboxEmpty({ database: { sql }, workers }: Stack): Promise<number> {
  if (workers.length === 0) return performance.now();
  const [newest] = await sql`SELECT coalesce(max(id), 0)::int AS id FROM outbox`;
  const gone = async (): Promise<boolean> =>
    (await sql`SELECT FROM outbox WHERE id <= ${newest!['id']} LIMIT 1`).length === 0;
  await until(gone, { timeoutMs: 30_000, what: 'the outbox to be emptied' });
  return performance.now();
}

function recoveryOf(
  receiver: Recorder,
  { down, openAt }: { down: Sent[]; openAt: number },
): number {
  const awaited = new Set(down.map(({ clientId }) => clientId));
  const seen = receiver.conversations
    .flatMap((id) => receiver.shown(id))
    .filter(({ clientId }) => awaited.has(clientId));
  return Math.max(0, ...seen.map(({ shownAt }) => shownAt - openAt));
}

function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1);
  return Math.round((sorted[Math.max(0, index)] ?? 0) * 10) / 10;
}
