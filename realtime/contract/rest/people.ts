import * as z from 'zod';

import { ChosenStatus, Presence, PresenceStatus, Profile, UserId } from '../primitives.ts';
import { listOf } from './list.ts';

export const Connection = z
  .object({ profile: Profile, presence: Presence })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;
export const ConnectionList = listOf(Connection, 'ConnectionList');
export type ConnectionList = z.infer<typeof ConnectionList>;

export const PresenceQuery = z.strictObject({
  userIds: z
    .string()
    .transform((ids) => ids.split(',').filter((id) => id !== ''))
    .pipe(z.array(UserId).min(1).max(100))
    .describe('Of whom, separated by commas'),
});
export const PresenceList = z.object({ items: z.array(Presence) }).meta({ id: 'PresenceList' });
export type PresenceList = z.infer<typeof PresenceList>;

export const PresenceSessionRequest = z
  .strictObject({
    state: z
      .enum(['active', 'idle'])
      .describe('`idle` while the page is hidden or nobody has touched it for five minutes'),
  })
  .meta({ id: 'PresenceSessionRequest' });
export const PresenceStatusRequest = z
  .strictObject({ status: ChosenStatus })
  .meta({ id: 'PresenceStatusRequest' });
/** The user's own presence: what others see, and what the user has chosen. */
export const OwnPresence = z
  .object({ status: PresenceStatus, chosen: ChosenStatus })
  .meta({ id: 'OwnPresence' });
export type OwnPresence = z.infer<typeof OwnPresence>;

/** The same, and in how many milliseconds to beat again. */
export const PresenceSession = OwnPresence.extend({
  nextInMs: z.int().positive().describe('In how many milliseconds to beat again'),
}).meta({ id: 'PresenceSession' });
export type PresenceSession = z.infer<typeof PresenceSession>;
