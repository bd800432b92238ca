import { expect, test, vi } from 'vitest';

import { tryAgain } from './try-again.ts';

const failing = (code: string) => Object.assign(new Error('fault'), { code });

test('what met a lock or a deadlock is tried again until it comes through', async () => {
  const call = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(failing('55P03'))
    .mockRejectedValueOnce(failing('40P01'))
    .mockResolvedValue('done');
  expect(await tryAgain(call)).toBe('done');
  expect(call).toHaveBeenCalledTimes(3);
});

test.each(['57P01', 'ECONNREFUSED', '42883'])(
  'what may have been committed, or cannot succeed, is not: %s',
  async (code) => {
    const call = vi.fn<() => Promise<string>>().mockRejectedValue(failing(code));
    await expect(tryAgain(call)).rejects.toMatchObject({ code });
    expect(call).toHaveBeenCalledTimes(1);
  },
);
