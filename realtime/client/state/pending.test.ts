import { describe, expect, test } from 'vitest';

import { exampleMessage } from '../../../test/chat-client/example.ts';
import {
  nextSend,
  withAllRetried,
  withFailed,
  withoutArrived,
  withQueued,
  withRetry,
  withSending,
} from './pending.ts';
import type { Pending, PendingSend } from './pending.ts';

const write = (...clientIds: string[]): Pending =>
  clientIds.reduce<Pending>(
    (pending, clientId) => withQueued(pending, { clientId, content: clientId, writtenAt: 0 }),
    [],
  );
const passing = { reason: 'The server cannot be reached.', retryAt: 5000 };
const final = { reason: 'Too long.', retryAt: null };
const next = (pending: Pending, now = 0) => nextSend(pending, now)?.send.clientId;

describe('sends that are not confirmed', () => {
  test('go out one at a time and in the order of writing', () => {
    const two = write('a', 'b');
    expect(next(two)).toBe('a');
    expect(next(withSending(two, 'a'))).toBeUndefined();
  });

  test('wait behind one that is to be tried again, for order is theirs', () => {
    const failed = withFailed(withSending(write('a', 'b'), 'a'), 'a', passing);
    expect(nextSend(failed, 2000)).toMatchObject({ send: { clientId: 'a' }, waitMs: 3000 });
    expect(nextSend(failed, 9000)).toMatchObject({ send: { clientId: 'a' }, waitMs: 0 });
  });

  test('do not wait behind one that was refused for good', () => {
    expect(next(withFailed(write('a', 'b'), 'a', final))).toBe('b');
  });

  test('are retried under the same client id', () => {
    const failed = withFailed(withSending(write('a'), 'a'), 'a', final);
    const again = withRetry(failed, 'a');
    expect(again).toHaveLength(1);
    expect(next(again)).toBe('a');
    expect(again[0]).toMatchObject({ state: 'queued', reason: null, attempts: 1 });
  });

  test('are all tried when the connection is back, except those refused for good', () => {
    const mixed = withFailed(withFailed(write('a', 'b'), 'a', passing), 'b', final);
    expect(withAllRetried(mixed).map(({ state }) => state)).toEqual(['queued', 'failed']);
  });

  test('end when their message turns up, whichever way it came', () => {
    const messages = [exampleMessage({ seq: 1, from: 'ann', clientId: 'a' })];
    expect(withoutArrived(write('a', 'b'), { messages, me: 'ann' })).toMatchObject([
      { clientId: 'b' },
    ]);
  });

  test("do not end because of somebody else's message with the same client id", () => {
    const messages = [exampleMessage({ seq: 1, from: 'ben', clientId: 'a' })];
    const pending = write('a');
    expect(withoutArrived(pending, { messages, me: 'ann' })).toBe(pending);
  });

  test('stay ended when an answer that was lost is reported late', () => {
    const messages = [exampleMessage({ seq: 1, from: 'ann', clientId: 'a' })];
    const arrived = withoutArrived(withSending(write('a'), 'a'), { messages, me: 'ann' });
    expect(withFailed(arrived, 'a', passing)).toEqual([]);
  });

  test('of the same words stay as many as were written', () => {
    const five = write('a', 'b', 'c', 'd', 'e').map((send): PendingSend =>
      Object.assign({}, send, { content: 'same' }),
    );
    const messages = [exampleMessage({ seq: 1, from: 'ann', clientId: 'c' })];
    expect(withoutArrived(five, { messages, me: 'ann' })).toHaveLength(4);
  });
});
