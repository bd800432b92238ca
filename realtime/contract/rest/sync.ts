import * as z from 'zod';

import { Epoch, Ev, Id, Presence, Profile, Seq } from '../primitives.ts';
import { Conversation } from './conversations.ts';
import { OwnPresence } from './people.ts';

export const SyncQuery = z.strictObject({
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('Of the sync before this one; none for everything'),
});
/** What changed for the caller since a cursor, or all of it. */
export const Sync = z
  .object({
    cursor: z.string().describe('For the next sync'),
    epoch: Epoch,
    limited: z
      .boolean()
      .describe(
        'There is more than this: drop the list of conversations that is held and read it again, page by page',
      ),
    conversations: z.array(Conversation).describe('Those that changed, as they are now'),
    removed: z.array(Id).describe('Conversations that the caller is in no longer'),
    presence: z.array(Presence).describe("Of the caller's connections, where it changed"),
    me: z.object({
      profile: Profile,
      presence: OwnPresence,
      totalUnread: z.int().nonnegative(),
    }),
  })
  .meta({ id: 'Sync' });
export type Sync = z.infer<typeof Sync>;

const Head = z.strictObject({
  conversationId: Id,
  ev: Ev,
  lastSeq: Seq,
  lastReadSeq: Seq.optional(),
  unreadCount: z.int().nonnegative().optional(),
});
export const VerifyRequest = z
  .strictObject({ epoch: Epoch.optional(), heads: z.array(Head).max(500) })
  .meta({ id: 'VerifyRequest' });
/** Where what a client holds is not what the server has. */
export const Verified = z
  .object({
    epoch: Epoch,
    diverged: z.array(
      z.object({
        conversationId: Id,
        ev: Ev.nullable().describe('null: the caller is no member'),
        lastSeq: Seq.nullable(),
      }),
    ),
  })
  .meta({ id: 'Verified' });
export type Verified = z.infer<typeof Verified>;
