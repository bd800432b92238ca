import { expect, test } from 'vitest';
import * as z from 'zod';

import { pageOf, readCursor } from './cursor.ts';

const cursorTo = (place: unknown): string =>
  pageOf([place, 'more'], { limit: 1, placeOf: (last) => last }).nextCursor ?? '';

test('a cursor is read as it was written', () => {
  const Place = z.object({ at: z.string(), id: z.int() });
  const place = { at: 'é / + =', id: 7 };
  expect(readCursor(Place, cursorTo(place))).toEqual(place);
  expect(cursorTo(place)).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(readCursor(Place, undefined)).toBeUndefined();
});

test.each(['', '!', 'bnVsbA', cursorTo({ at: 1, id: 7 }), cursorTo('x')])(
  'a cursor of another list or of nobody is refused: %s',
  (cursor) => {
    const read = () => readCursor(z.object({ at: z.string() }), cursor);
    expect(read).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  },
);

test('a list goes on behind the last item of a page, and ends where nothing follows', () => {
  const placeOf = (item: number) => item;
  const first = pageOf([1, 2, 3], { limit: 2, placeOf });
  expect(first.rows).toEqual([1, 2]);
  expect(readCursor(z.int(), first.nextCursor ?? '')).toBe(2);
  expect(pageOf([1, 2], { limit: 2, placeOf }).nextCursor).toBeNull();
  expect(pageOf([], { limit: 2, placeOf }).nextCursor).toBeNull();
});
