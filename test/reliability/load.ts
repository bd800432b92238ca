import { setTimeout as sleep } from 'node:timers/promises';

import type { Person } from '../harness/people.ts';
import type { Recorder } from '../harness/recorder.ts';
import { RestProblem } from '../harness/rest.ts';
import type { Stack } from '../harness/stack.ts';
import type { AcknowledgedSend } from '../harness/verdict.ts';

/** A conversation with the one who writes into it and those who listen. */
export type Lane = { conversationId: string; sender: Person; receivers: Recorder[] };

/** Stores and announces one message, in whatever way is on trial. */
export type SendOne = (
  lane: Pick<Lane, 'conversationId' | 'sender'>,
  message: { clientId: string; content: string },
) => Promise<{ status: number; seq: number; id?: string }>;

export type Load = {
  conversations: number;
  receiversEach: number;
  sendsPerSecond: number;
};

/** A message that its sender saw acknowledged, in the end. */
export type Sent = AcknowledgedSend & {
  startedAt: number;
  /** Until the answer of the first try, whatever it was, in ms. */
  firstAnswerMs: number;
  /** 201, or 200 for a repeat of what had been stored unheard; 0 when it was given up. */
  status: number;
  /** What went wrong with the tries before. */
  problems: string[];
};

/** As the product's clients send: `POST …/messages`. */
export const overRest: SendOne = async ({ conversationId, sender }, message) => {
  const { status, body } = await sender.rest.send(conversationId, message);
  return { status, seq: body.seq, id: body.id };
};

/** Like a person's client, a sender tries again with the same client id for as long as this. */
const GIVE_UP_AFTER_MS = 40_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** Groups of one sender and some receivers on sockets of their own, every one of them subscribed and read up. */
export async function makeLanes(stack: Stack, load: Load): Promise<Lane[]> {
  const { people } = stack;
  const lanes = await Promise.all(
    Array.from({ length: load.conversations }, async (_, lane) => {
      const sender = await people.person(`Sender${lane}`);
      const listeners = await people.persons(
        ...Array.from({ length: load.receiversEach }, (_, n) => `Receiver${lane}.${n}`),
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

/** More than this at once say nothing new, and would keep a slow machine busy with its own queue. */
const MOST_UNDER_WAY = 200;

/** An open loop: a slow answer does not slow down the next send, as with real people. */
export function startLoad(options: { send: SendOne; lanes: Lane[]; sendsPerSecond: number }): {
  /** How many sends have begun. */
  begun(): number;
  /** Ends the sending, and waits for the answers that are out. */
  stop(): Promise<Sent[]>;
} {
  const { send, lanes } = options;
  const everyMs = 1_000 / options.sendsPerSecond;
  const began = performance.now();
  const underWay: Promise<Sent>[] = [];
  let passed = 0;
  let waiting = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - began) / everyMs);
    for (; passed < due; passed += 1) {
      // What finds no place is not made up for: the pace stays what it is.
      if (waiting >= MOST_UNDER_WAY) continue;
      const lane = lanes[underWay.length % lanes.length]!;
      const sending = sendUntilAcknowledged(send, lane, `message-${underWay.length}`);
      waiting += 1;
      underWay.push(sending.finally(() => (waiting -= 1)));
    }
  }, 5);
  return {
    begun: () => underWay.length,
    stop: async () => {
      clearInterval(timer);
      return Promise.all(underWay);
    },
  };
}

async function sendUntilAcknowledged(
  send: SendOne,
  lane: Pick<Lane, 'conversationId' | 'sender'>,
  clientId: string,
): Promise<Sent> {
  const { conversationId } = lane;
  const startedAt = performance.now();
  const problems: string[] = [];
  let firstAnswerMs = 0;
  for (;;) {
    const answer = await send(lane, { clientId, content: `This is ${clientId}.` }).catch(
      (error: unknown) => problemOf(error),
    );
    firstAnswerMs ||= performance.now() - startedAt;
    const sent = { conversationId, clientId, startedAt, firstAnswerMs, problems };
    if (typeof answer !== 'string') return { ...sent, ...answer };
    problems.push(answer);
    if (performance.now() - startedAt > GIVE_UP_AFTER_MS) return { ...sent, status: 0, seq: 0 };
    await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (problems.length - 1)));
  }
}

function problemOf(error: unknown): string {
  if (error instanceof RestProblem) return `${error.status} ${error.code}`;
  const cause = error instanceof Error ? error.cause : undefined;
  return String(cause instanceof Error && 'code' in cause ? cause.code : error);
}
