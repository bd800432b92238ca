import { expect, test } from 'vitest';

import { QUOTAS, readQuotas } from './quotas.ts';

test('what is written replaces what there is, and nothing else', () => {
  expect(readQuotas('')).toEqual(QUOTAS);
  expect(readQuotas(' send=1/2  read=3/60 ')).toEqual({
    ...QUOTAS,
    send: { calls: 1, seconds: 2 },
    read: { calls: 3, seconds: 60 },
  });
});

test.each(['send', 'send=0/1', 'send=1/0', 'sends=1/1', 'send=1', 'send=-1/1', 'toString=1/1'])(
  '%s cannot be read',
  (written) => {
    expect(readQuotas(written)).toBeNull();
  },
);
