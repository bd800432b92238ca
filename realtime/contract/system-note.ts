import * as z from 'zod';

import { MemberRole, UserId } from './primitives.ts';

const one = { userId: UserId };

/**
 * The `metadata` of a message of the type `system`: what its sender did to the conversation. `content` says the same in
 * English, for clients that do not know the kind.
 */
export const SystemNote = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('members_added'),
      userIds: z.array(UserId).describe('At most the first twenty, by user id'),
      count: z.int().positive().describe('How many in all'),
    }),
    z.object({ kind: z.literal('member_left'), ...one }),
    z.object({ kind: z.literal('member_removed'), ...one }),
    z.object({ kind: z.literal('role_changed'), ...one, role: MemberRole }),
    z.object({ kind: z.literal('renamed'), title: z.string() }),
    z.object({ kind: z.literal('picture_changed') }),
  ])
  .meta({ id: 'SystemNote' });
export type SystemNote = z.infer<typeof SystemNote>;
