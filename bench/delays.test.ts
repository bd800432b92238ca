import { expect, it } from 'vitest';

import { delaysOf, percentileMs } from './delays.ts';

const sent = [
  { n: 0, startedAt: 100, answeredMs: 1 },
  { n: 1, startedAt: 110, answeredMs: 1 },
];
const told = (clientId: string, at: number) => ({
  ...{ channel: 'c', at },
  data: { type: 'message', message: { clientId } },
});
const clientIdOf = (n: number) => `m${n}`;

it('is the time from the start of a send to the first arrival of its event', () => {
  const heard = [told('m1', 115), told('m0', 120), told('m0', 900), told('m7', 121)];
  expect(delaysOf(sent, heard, clientIdOf)).toEqual([20, 5]);
});

it('takes no notice of a short notice on the listener’s own channel', () => {
  const notice = { channel: 'c', at: 101, data: { type: 'new_message', clientId: 'm0' } };
  expect(delaysOf(sent, [notice, told('m0', 120)], clientIdOf)).toEqual([20]);
});

it('says more than a tenth of a millisecond, and nothing of nothing', () => {
  expect(percentileMs([1.2341, 1.2346, 9], 50)).toBe(1.2346);
  expect(() => percentileMs([], 50)).toThrow('nothing came');
});
