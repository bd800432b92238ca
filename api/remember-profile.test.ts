import type { Profile } from '@rov/realtime';
import { expect, test } from 'vitest';

import { createRememberProfile } from './remember-profile.ts';

const profile = (id: string, name = id): Profile => ({ id, name, username: null, image: null });

function setUp({ capacity = 10 } = {}) {
  const stored: string[] = [];
  const clock = { now: 0 };
  const remember = createRememberProfile({
    store: async ({ id, name }) => void stored.push(`${id} ${name}`),
    capacity,
    keptMs: 1_000,
    now: () => clock.now,
  });
  return { stored, clock, remember };
}

test('a profile is stored when it is new and when it changes, and not in between', async () => {
  const { stored, remember } = setUp();
  for (const name of ['Ann', 'Ann', 'Anna', 'Anna']) await remember(profile('ann', name));
  expect(stored).toEqual(['ann Ann', 'ann Anna']);
});

test('a profile that was stored long ago is stored again', async () => {
  const { stored, clock, remember } = setUp();
  for (clock.now of [0, 999, 1_000, 1_999]) await remember(profile('ann'));
  expect(stored).toEqual(['ann ann', 'ann ann']);
});

test('whoever was not seen longest is forgotten first', async () => {
  const { stored, remember } = setUp({ capacity: 2 });
  for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await remember(profile(id));
  expect(stored).toEqual(['a a', 'b b', 'c c', 'b b']);
});

test('what could not be stored is not taken for stored', async () => {
  let faults = 1;
  const remember = createRememberProfile({
    store: async () => {
      if (faults-- > 0) throw new Error('away');
    },
    capacity: 2,
    keptMs: 1_000,
  });
  await expect(remember(profile('ann'))).rejects.toThrow('away');
  await remember(profile('ann'));
  expect(faults).toBe(-1);
});
