import * as z from 'zod';

import { Instant } from '../primitives.ts';

const channel = z
  .string()
  .min(1)
  .max(255)
  .describe('The channel of a conversation, by its id, or of a user, by theirs');

export const RealtimeToken = z
  .object({
    token: z.string(),
    expiresAt: Instant,
    url: z.string().describe('Where to connect: the WebSocket endpoint of Centrifugo'),
  })
  .meta({ id: 'RealtimeToken' });
export type RealtimeToken = z.infer<typeof RealtimeToken>;

export const SubscriptionTokenRequest = z
  .strictObject({ channel })
  .meta({ id: 'SubscriptionTokenRequest' });
export const SubscriptionToken = z
  .object({ token: z.string(), expiresAt: Instant })
  .meta({ id: 'SubscriptionToken' });
export type SubscriptionToken = z.infer<typeof SubscriptionToken>;

export const PositionQuery = z.strictObject({ channel });
/** Where a channel stands, for `getState`: take the position first, then load, then recover from it. */
export const Position = z
  .object({ offset: z.int().nonnegative(), epoch: z.string() })
  .meta({ id: 'Position' });
export type Position = z.infer<typeof Position>;
