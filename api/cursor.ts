import type * as z from 'zod';

import { Refusal } from './refusal.ts';

/** Where a list goes on, in a form that a client cannot mistake for something to build by itself. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

export function readCursor<T>(shape: z.ZodType<T>, cursor: string | undefined): T | undefined {
  if (cursor === undefined) return undefined;
  const parsed = shape.safeParse(decode(cursor));
  if (parsed.success) return parsed.data;
  throw new Refusal('invalid_request', {
    errors: [{ path: 'cursor', message: 'Not a cursor of this list' }],
  });
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** One page of a list that was read with one item more than `limit`. */
export function pageOf<T>(
  rows: readonly T[],
  { limit, placeOf }: { limit: number; placeOf: (last: T) => unknown },
): { rows: readonly T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const goesOn = rows.length > limit && last !== undefined;
  return { rows: page, nextCursor: goesOn ? writeCursor(placeOf(last)) : null };
}
