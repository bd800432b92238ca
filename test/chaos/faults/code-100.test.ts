import { expect, test } from 'vitest';

import type { WireCommand } from '../../harness/faulty-centrifugo.ts';
import { seeded } from '../random.ts';
import { code100 } from './code-100.ts';

const page: WireCommand[] = [
  { publish: { channel: 'c1', idempotency_key: 'k1' } },
  { broadcast: { channels: ['u1', 'u2'], idempotency_key: 'k2' } },
  { publish: { channel: 'c3', idempotency_key: 'k3' } },
];
const replyTo = ({ publish, broadcast }: WireCommand): unknown =>
  publish
    ? { publish: { channel: publish['channel'] } }
    : {
        broadcast: {
          responses: (broadcast!['channels'] as string[]).map((channel) => ({ channel })),
        },
      };
const FAILED = { error: { code: 100, message: 'internal server error' } };

/** What the worker gets and what was done, page by page, until something was spoiled `times` times. */
async function spoil(times: number, heldBack?: Set<string>) {
  const strike = code100({ random: seeded(7), ...(heldBack && { heldBack }) });
  const spoiled: { done: readonly WireCommand[]; replies: Record<string, unknown>[] }[] = [];
  let passed = 0;
  while (spoiled.length < times) {
    let done: readonly WireCommand[] = [];
    const fate = await strike({
      commands: page,
      forward: async (commands = page) => {
        done = commands;
        return { status: 200, body: JSON.stringify({ replies: commands.map(replyTo) }) };
      },
    });
    if (fate === null) passed += 1;
    else if (typeof fate === 'object') spoiled.push({ done, ...JSON.parse(fate.body) });
  }
  return { spoiled, passed };
}

const failuresOf = (replies: Record<string, unknown>[]): number =>
  JSON.stringify(replies).split('internal server error').length - 1;

test('one command of a page is answered 100 and done, and every other page passes', async () => {
  const { spoiled, passed } = await spoil(50);
  expect(passed).toBeGreaterThan(20);
  for (const { done, replies } of spoiled) {
    expect(done).toEqual(page);
    expect(replies).toHaveLength(page.length);
    expect(failuresOf(replies)).toBe(1);
  }
});

test('one command, or one channel of a broadcast, is answered 100 and held back', async () => {
  const heldBack = new Set<string>();
  const { spoiled } = await spoil(50, heldBack);
  expect([...heldBack].toSorted()).toEqual(['c1 k1', 'c3 k3', 'u1 k2', 'u2 k2']);
  for (const { done, replies } of spoiled) {
    expect(replies).toHaveLength(page.length);
    expect(failuresOf(replies)).toBe(1);
    const channels = JSON.stringify(done);
    for (const channel of ['c1', 'u1', 'u2', 'c3']) {
      const isAnswered = JSON.stringify(replies).includes(`"${channel}"`);
      expect(channels.includes(`"${channel}"`)).toBe(isAnswered);
    }
    // Whoever was done has the answer in its own place.
    expect([replyTo(page[0]!), FAILED]).toContainEqual(replies[0]);
    expect([replyTo(page[2]!), FAILED]).toContainEqual(replies[2]);
  }
});

test('a page of one command passes', async () => {
  const strike = code100({ random: seeded(1) });
  const forward = async (): Promise<'cut'> => 'cut';
  for (let time = 0; time < 10; time += 1) {
    expect(await strike({ commands: page.slice(0, 1), forward })).toBeNull();
  }
});
