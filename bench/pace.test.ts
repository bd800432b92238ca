import { expect, it } from 'vitest';

import { sendSteadily } from './pace.ts';

it('sends as many as are due, in their order', async () => {
  const sent = await sendSteadily({ perSecond: 500, ms: 100, send: async () => undefined });
  expect(sent.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
});

it('does not wait for answers before it sends more', async () => {
  const { promise: answers, resolve: answerAll } = Promise.withResolvers<void>();
  let begun = 0;
  const sending = sendSteadily({
    perSecond: 1_000,
    ms: 20,
    send: () => {
      begun += 1;
      if (begun === 20) answerAll();
      return answers;
    },
  });
  expect(await sending).toHaveLength(20);
});

it('fails when one of the sends did, and not before the last is sent', async () => {
  let begun = 0;
  const sending = sendSteadily({
    perSecond: 1_000,
    ms: 20,
    send: async () => {
      begun += 1;
      throw new Error('refused');
    },
  });
  await expect(sending).rejects.toThrow('refused');
  expect(begun).toBe(20);
});

it('counts from when a send was due where this process was held up', async () => {
  const held = 100;
  const began = performance.now();
  const sent = await sendSteadily({
    perSecond: 100,
    ms: 50,
    send: async (n) => {
      if (n > 0) return;
      while (performance.now() - began < held) continue;
    },
  });
  const last = sent.at(-1)!;
  expect(last.startedAt - began).toBeLessThan(held);
  expect(last.answeredMs).toBeGreaterThan(held / 4);
});
