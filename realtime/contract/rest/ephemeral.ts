import * as z from 'zod';

export const TypingRequest = z
  .strictObject({ state: z.enum(['start', 'stop']) })
  .meta({ id: 'TypingRequest' });
export const ViewingRequest = z
  .strictObject({ state: z.enum(['start', 'stop']) })
  .meta({ id: 'ViewingRequest' });
/** It was taken, and may be lost. */
export const Taken = z
  .object({
    expiresInMs: z
      .int()
      .nonnegative()
      .describe('For how long others believe it; say it again before. 0: nobody was told'),
  })
  .meta({ id: 'Taken' });
export type Taken = z.infer<typeof Taken>;
