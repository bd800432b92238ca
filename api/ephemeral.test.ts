import { conversationChannel, TypingEvent } from '@rov/realtime';
import { CentrifugoCommandError, CentrifugoTransportError } from '@rov/realtime/server';
import { expect, test } from 'vitest';

import { createEphemeral } from './ephemeral.ts';
import type { EphemeralEvent } from './ephemeral.ts';

type Parts = Parameters<typeof createEphemeral>[0];
type Batch = Parts['centrifugo']['batch'];
type Answer = Awaited<ReturnType<Batch>>;

const CONVERSATION = '0197a5a0-0000-7000-8000-000000000001';

const typing = (userId: string, state: 'start' | 'stop' = 'start'): EphemeralEvent => ({
  v: 1,
  type: 'typing',
  conversationId: CONVERSATION,
  userId,
  state,
  at: '2026-01-01T00:00:00.000Z',
  expiresInMs: 7_000,
});

/** A Centrifugo that answers a request when the test says so. */
function slowCentrifugo() {
  const requests: { commands: readonly Record<string, unknown>[]; answer: (a: Answer) => void }[] =
    [];
  const failures: ((error: Error) => void)[] = [];
  const counts = { published: 0, lost: 0, crowded_out: 0 };
  const batch = (commands: readonly Record<string, unknown>[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    requests.push({ commands, answer: resolve });
    failures.push(reject);
    return promise;
  };
  const ephemeral = createEphemeral({
    centrifugo: { batch: batch as unknown as Batch, close: () => Promise.resolve() },
    count: (outcome, events) => {
      counts[outcome] += events;
    },
  });
  const took = (index: number) =>
    requests[index]!.answer(
      requests[index]!.commands.map(() => ({
        ok: true,
        method: 'publish',
        result: {},
      })) as unknown as Answer,
    );
  const people = (index: number) =>
    requests[index]!.commands.map(({ data }) => {
      const { userId, state } = TypingEvent.parse(data);
      return `${userId} ${state}`;
    });
  return { ephemeral, requests, failures, counts, took, people };
}

test('a publication goes past the history, without a version or a key, to the conversation', () => {
  const { ephemeral, requests } = slowCentrifugo();
  ephemeral.tell(typing('ann'));
  expect(requests.map(({ commands }) => commands)).toEqual([
    [
      {
        method: 'publish',
        channel: conversationChannel(CONVERSATION),
        data: typing('ann'),
        skipHistory: true,
      },
    ],
  ]);
});

test('one request is under way at a time, and what comes meanwhile goes together with the next', async () => {
  const { ephemeral, requests, people, took, counts } = slowCentrifugo();
  for (const name of ['ann', 'ben', 'cleo']) ephemeral.tell(typing(name));
  expect(requests).toHaveLength(1);
  took(0);
  await expect.poll(() => requests.length).toBe(2);
  expect(people(1)).toEqual(['ben start', 'cleo start']);
  took(1);
  await expect.poll(() => counts).toEqual({ published: 3, lost: 0, crowded_out: 0 });
  ephemeral.tell(typing('ann', 'stop'));
  expect(requests).toHaveLength(3);
});

test('an end that comes while the start is on its way follows it; while it waits, it takes its place', async () => {
  const { ephemeral, requests, people, took } = slowCentrifugo();
  ephemeral.tell(typing('ann'));
  ephemeral.tell(typing('ben'));
  ephemeral.tell(typing('ann', 'stop'));
  ephemeral.tell(typing('ben', 'stop'));
  took(0);
  await expect.poll(() => requests.length).toBe(2);
  expect(people(0)).toEqual(['ann start']);
  expect(people(1)).toEqual(['ann stop', 'ben stop']);
});

test('what Centrifugo did not take is lost and counted, never tried again, and the next is sent', async () => {
  const { ephemeral, requests, failures, people, counts } = slowCentrifugo();
  ephemeral.tell(typing('ann'));
  ephemeral.tell(typing('ben'));
  failures[0]!(new CentrifugoTransportError('away', { code: 'unreachable', sent: false }));
  await expect.poll(() => requests.length).toBe(2);
  expect(people(1)).toEqual(['ben start']);
  const error = new CentrifugoCommandError({ code: 102, message: 'unknown channel' });
  requests[1]!.answer([{ ok: false, method: 'publish', error }] as unknown as Answer);
  await expect.poll(() => counts).toEqual({ published: 0, lost: 2, crowded_out: 0 });
  expect(requests).toHaveLength(2);
});

test('no more than 500 wait for a Centrifugo that hangs, and the others are counted', () => {
  const { ephemeral, requests, counts } = slowCentrifugo();
  for (let person = 0; person < 10_000; person += 1) ephemeral.tell(typing(`person-${person}`));
  expect(requests).toHaveLength(1);
  expect(counts).toEqual({ published: 0, lost: 0, crowded_out: 9_499 });
});
