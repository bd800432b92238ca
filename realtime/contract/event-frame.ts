import * as z from 'zod';

import { Epoch, Ev, Id, Instant } from './primitives.ts';

/**
 * Every durable event carries this. Events are absolute states with a monotone number, so a client
 * that merges by the highest number is indifferent to repeats, reordering and replay.
 */
export const durable = {
  v: z.literal(1),
  eventId: z.uuid(),
  at: Instant,
  epoch: Epoch,
};

/** Of a conversation, with its number there. */
export const numbered = { ...durable, conversationId: Id, ev: Ev };
