import { expect, test } from 'vitest';
import * as z from 'zod';

import { newId } from './new-id.ts';

test('an id is a UUIDv7 in lower case', () => {
  expect(z.uuidv7().safeParse(newId()).success).toBe(true);
  expect(newId()).toMatch(/^[0-9a-f-]{36}$/);
});

test('a later id sorts behind an earlier one', () => {
  const ids = [1, 255, 256, 1_700_000_000_000, 1_700_000_000_001, 281_474_976_710_655].map(newId);
  expect(ids.toSorted()).toEqual(ids);
});
