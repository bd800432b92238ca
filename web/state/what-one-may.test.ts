import { expect, test } from 'vitest';

import { mayChange, mayRemove, rolesToGive } from './what-one-may.ts';

const ROLES = ['owner', 'admin', 'member'] as const;

test('owners alone give roles, and any but the one that is there', () => {
  expect(rolesToGive('owner', 'member')).toEqual(['owner', 'admin']);
  expect(rolesToGive('admin', 'member')).toEqual([]);
  expect(rolesToGive('member', 'member')).toEqual([]);
});

test('owners and admins remove, but only an owner removes an owner', () => {
  const removable = (own: (typeof ROLES)[number]) => ROLES.filter((one) => mayRemove(own, one));
  expect(removable('owner')).toEqual(['owner', 'admin', 'member']);
  expect(removable('admin')).toEqual(['admin', 'member']);
  expect(removable('member')).toEqual([]);
});

test('a direct conversation is changed by nobody', () => {
  expect(mayChange({ kind: 'direct', role: 'owner' })).toBe(false);
  expect(ROLES.filter((role) => mayChange({ kind: 'group', role }))).toEqual(['owner', 'admin']);
});
