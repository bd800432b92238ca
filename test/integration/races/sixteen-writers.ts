import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

import { conversationChannel } from '@rov/realtime';
import { createCentrifugeServerClient } from '@rov/realtime/server';
import * as z from 'zod';

import type { Person } from '../../harness/people.ts';
import type { Recorder } from '../../harness/recorder.ts';
import { createRest } from '../../harness/rest.ts';
import type { Stack } from '../../harness/stack.ts';
import { judge } from '../../harness/verdict.ts';
import type { Verdict } from '../../harness/verdict.ts';
import { judgeOrder } from './order-verdict.ts';

const WRITERS = 16;
const CONVERSATIONS = 4;

type Sent = {
  conversationId: string;
  clientId: string;
  seq: number;
  startedAt: number;
  answeredAt: number;
};

export type Outcome = {
  /** What is wrong with the numbers or the order. */
  findings: string[];
  verdict: Verdict;
  sends: number;
  snapshots: number;
};

/**
 * Sixteen people write into four conversations at once, each through every API in turn, while an onlooker takes one
 * snapshot after the other and two receivers listen.
 */
export async function sixteenWriters(
  stack: Stack,
  options: {
    sendsEach: number;
    /** How long something may be missing before it counts as lost. */
    graceMs: number;
    /** After the conversations were made, before anybody writes. */
    prepare?: (conversationIds: string[]) => Promise<void>;
  },
): Promise<Outcome> {
  const { people } = stack;
  const writers = await people.persons(
    ...Array.from({ length: WRITERS }, (_, writer) => `Writer${writer}`),
  );
  const listeners = await people.persons('Cem', 'Dan');
  const [founder, ...others] = writers;
  const ids = await Promise.all(
    Array.from({ length: CONVERSATIONS }, () => people.group(founder!, ...others, ...listeners)),
  );
  await options.prepare?.(ids);
  const receivers = listeners.map((person) => stack.record({ person, conversations: ids }));
  await Promise.all(receivers.map((receiver) => receiver.ready()));

  const onlooker = lookOn(stack);
  const sent = (
    await Promise.all(
      writers.map((person, writer) =>
        write({ stack, person, writer, ids, sends: options.sendsEach }),
      ),
    )
  ).flat();
  const snapshots = await onlooker.stop();

  const events = ({ raw }: Recorder): number =>
    new Set(raw.map(({ data }) => data['eventId'])).size;
  await Promise.all(
    receivers.map((receiver) =>
      receiver
        .until(() => events(receiver) >= sent.length, { timeoutMs: options.graceMs, what: 'all' })
        // What is missing then is the verdict's business.
        .catch(() => undefined),
    ),
  );
  const findings = await Promise.all(
    ids.map(async (id) => {
      const of = <T extends { conversationId: string }>(all: T[]): T[] =>
        all.filter(({ conversationId }) => conversationId === id);
      const written = await numbersWritten(stack, id);
      const wires = receivers.map((receiver) => ({
        name: receiver.name,
        evs: wireOf(receiver, id),
      }));
      const history = await historyOf(stack, id);
      return judgeOrder({ ...written, history, wires, snapshots: of(snapshots), sends: of(sent) });
    }),
  );
  return {
    findings: findings.flat(),
    verdict: judge(sent, receivers),
    sends: sent.length,
    snapshots: snapshots.length,
  };
}

async function write(options: {
  stack: Stack;
  person: Person;
  writer: number;
  ids: string[];
  sends: number;
}): Promise<Sent[]> {
  const { stack, person, writer, ids, sends } = options;
  const doors = stack.apis.map(({ url }) => createRest({ baseUrl: url, token: person.token }));
  const sent: Sent[] = [];
  for (let n = 0; n < sends; n += 1) {
    const conversationId = ids[(writer + n) % ids.length]!;
    const rest = doors[(writer + Math.floor(n / ids.length)) % doors.length]!;
    const clientId = randomUUID();
    const startedAt = performance.now();
    const { body } = await rest.send(conversationId, { clientId, content: `${writer}.${n}` });
    sent.push({
      conversationId,
      clientId,
      seq: body.seq,
      startedAt,
      answeredAt: performance.now(),
    });
  }
  return sent;
}

const Snapshot = z.object({ conversationId: z.string(), rows: z.int(), highest: z.int() });

/** Each statement is one snapshot of its own. */
function lookOn({ database: { sql } }: Stack) {
  const seen: z.infer<typeof Snapshot>[] = [];
  const done = new AbortController();
  const loop = (async () => {
    while (!done.signal.aborted) {
      const rows = await sql`
        SELECT conversation_id AS "conversationId", count(*)::int AS rows, max(seq)::int AS highest
        FROM messages GROUP BY 1`;
      seen.push(...z.array(Snapshot).parse(rows));
      await turn();
    }
  })();
  return {
    stop: async () => {
      done.abort();
      await loop;
      return seen;
    },
  };
}

async function numbersWritten({ database: { sql } }: Stack, id: string) {
  const messages = await sql`
    SELECT seq::int FROM messages WHERE conversation_id = ${id} ORDER BY seq`;
  // What is delivered has left the outbox for `deliveries`, which has no payload and still every number.
  const events = await sql`
    SELECT ev::int FROM (
      SELECT ev, committed_at, stream_offset FROM deliveries WHERE conversation_id = ${id}
      UNION ALL SELECT ev, created_at, NULL FROM outbox WHERE conversation_id = ${id}) told
    WHERE ev > 0 ORDER BY stream_offset, committed_at`;
  return {
    seqs: messages.map(({ seq }) => seq as number),
    evs: events.map(({ ev }) => ev as number),
  };
}

/** Repeats of the same event are allowed on the wire. */
function wireOf({ raw }: Recorder, id: string): number[] {
  const events = raw.filter(({ channel }) => channel === conversationChannel(id));
  const first = new Map(events.map(({ data }) => [data['eventId'], data['ev']]));
  return [...first.values()].map(Number);
}

async function historyOf({ centrifugo }: Stack, id: string): Promise<number[]> {
  const client = createCentrifugeServerClient({ url: centrifugo.url, apiKey: centrifugo.apiKey });
  try {
    const { publications } = await client.history({ channel: conversationChannel(id), limit: -1 });
    const Numbered = z.object({ ev: z.int() });
    return publications.map(({ data }) => Numbered.parse(data).ev);
  } finally {
    await client.close();
  }
}
