import * as z from 'zod';

import { USER_ID_PATTERN } from './channels.ts';

/** Ids that this back end makes: UUIDv7 in lower case. */
export const Id = z.uuid().meta({ id: 'Id', description: 'UUIDv7, lower case' });

/** The issuer's `sub`. */
export const UserId = z
  .string()
  .regex(USER_ID_PATTERN)
  .meta({ id: 'UserId', description: 'The `sub` of the identity provider' });

/** An instant, ISO 8601 in UTC. */
export const Instant = z.iso.datetime({ offset: true }).meta({ id: 'Instant' });

/** The number of a message in its conversation, from 1, without holes. */
export const Seq = z.int().nonnegative();

/** The number of a durable event in its conversation, from 1, without holes. */
export const Ev = z.int().nonnegative();

export const PresenceStatus = z.enum(['online', 'away', 'offline']).meta({ id: 'PresenceStatus' });
export type PresenceStatus = z.infer<typeof PresenceStatus>;

export const MessageType = z.enum(['text', 'system', 'custom']).meta({ id: 'MessageType' });

export const MemberRole = z.enum(['owner', 'admin', 'member']).meta({ id: 'MemberRole' });
export type MemberRole = z.infer<typeof MemberRole>;

/** A user as others see them. */
export const Profile = z
  .object({
    id: UserId,
    name: z.string(),
    username: z.string().nullable(),
    image: z.string().nullable(),
  })
  .meta({ id: 'Profile' });
export type Profile = z.infer<typeof Profile>;

/** A message, the same in a page, in the answer of a send and in an event. */
export const Message = z
  .object({
    id: Id,
    conversationId: Id,
    seq: Seq,
    senderId: UserId,
    clientId: z.string(),
    content: z.string(),
    type: MessageType,
    metadata: z.record(z.string(), z.json()).optional(),
    replyToId: Id.nullable().optional(),
    revision: z.int().positive(),
    createdAt: Instant,
    sender: Profile,
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

export const Member = z
  .object({ userId: UserId, role: MemberRole, joinedSeq: Seq, profile: Profile })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

export const Presence = z
  .object({
    userId: UserId,
    status: PresenceStatus,
    lastSeenAt: Instant.nullable(),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'Presence' });
export type Presence = z.infer<typeof Presence>;
