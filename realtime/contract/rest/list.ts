import * as z from 'zod';

export const limit = z.coerce.number().int().min(1).max(100);

export const ListQuery = z.strictObject({
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before this one'),
  limit: limit.default(50).describe('How many at most'),
});

export function listOf<T extends z.ZodType>(item: T, id: string) {
  const nextCursor = z.string().nullable().describe('For the next page; null on the last one');
  return z.object({ items: z.array(item), nextCursor }).meta({ id });
}
