import * as z from 'zod';

/**
 * The contract's client id, as far as it can be stored and told from others: Postgres has no NUL, and half of
 * a surrogate pair becomes the same replacement character whichever half it was.
 */
export const ClientId = z
  .string()
  .min(1)
  .max(64)
  .refine(
    (id) => id.isWellFormed() && !/\p{Cc}/u.test(id),
    'Must be text without control characters',
  );
