import type * as z from 'zod';

/**
 * Parses the one value that one of our SQL functions answers. A mismatch is a fault of ours, not of the
 * caller.
 */
export function answerOf<T extends z.ZodType>(
  schema: T,
  rows: readonly { answer?: unknown }[],
): z.infer<T> {
  return schema.parse(rows[0]?.answer);
}

/** The SQLSTATE of a database error, also through drizzle's wrapping; undefined for anything else. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)) {
    return error.code;
  }
  return error.cause === undefined ? undefined : sqlState(error.cause);
}
