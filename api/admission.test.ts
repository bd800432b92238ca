import { expect, test } from 'vitest';

import type { Standing } from '../core/people/standing.ts';
import { createAdmission } from './admission.ts';

const ANN = { id: 'ann', issuedAtMs: 10_000 };

function setUp({ capacity = 10 } = {}) {
  const clock = { now: 0 };
  const asked: string[] = [];
  const standing: Standing = { signedOutAt: null, isBanned: false };
  const admission = createAdmission({
    read: async (userId) => {
      asked.push(userId);
      return { ...standing };
    },
    ...{ keptMs: 2_000, capacity, now: () => clock.now },
  });
  return { clock, asked, standing, admission };
}

test('whoever is banned or has signed out since is refused, whoever signed in again is not', async () => {
  const { admission, standing } = setUp();
  await expect(admission.now(ANN)).resolves.toBeUndefined();
  standing.signedOutAt = new Date(10_001);
  await expect(admission.now(ANN)).rejects.toMatchObject({ code: 'signed_out' });
  // It does not say when it was issued.
  const unknown = { id: 'ann', issuedAtMs: null };
  await expect(admission.now(unknown)).rejects.toMatchObject({ code: 'signed_out' });
  await expect(admission.now({ id: 'ann', issuedAtMs: 11_000 })).resolves.toBeUndefined();
  standing.isBanned = true;
  await expect(admission.now({ id: 'ann', issuedAtMs: 11_000 })).rejects.toMatchObject({
    code: 'banned',
  });
});

test('what was said a moment ago holds for as long as was agreed, and no longer', async () => {
  const { admission, standing, clock, asked } = setUp();
  await admission.lately(ANN);
  standing.isBanned = true;
  for (clock.now of [1, 1_999]) await admission.lately(ANN);
  expect(asked).toHaveLength(1);
  clock.now = 2_000;
  await expect(admission.lately(ANN)).rejects.toMatchObject({ code: 'banned' });
  standing.isBanned = false;
  await expect(admission.lately(ANN)).rejects.toMatchObject({ code: 'banned' });
  admission.forget('ann');
  await expect(admission.lately(ANN)).resolves.toBeUndefined();
});

test('what is asked at once is known for the next call, too, and the database is asked each time', async () => {
  const { admission, standing, asked } = setUp();
  await admission.lately(ANN);
  standing.isBanned = true;
  await expect(admission.now(ANN)).rejects.toMatchObject({ code: 'banned' });
  await expect(admission.lately(ANN)).rejects.toMatchObject({ code: 'banned' });
  expect(asked).toHaveLength(2);
});

test('an answer is as old as its question', async () => {
  const clock = { now: 0 };
  let reads = 0;
  const admission = createAdmission({
    read: async () => {
      reads += 1;
      clock.now += 1_500;
      return { signedOutAt: null, isBanned: false };
    },
    ...{ keptMs: 2_000, capacity: 10, now: () => clock.now },
  });
  await admission.lately(ANN);
  clock.now = 2_000;
  await admission.lately(ANN);
  expect(reads).toBe(2);
});

test('only so many are remembered', async () => {
  const { admission, asked } = setUp({ capacity: 2 });
  for (const id of ['a', 'b', 'c', 'c', 'a']) await admission.lately({ id, issuedAtMs: 0 });
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});
