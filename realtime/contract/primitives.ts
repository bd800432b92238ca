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
export const Instant = z.iso
  .datetime({ offset: true })
  .meta({ id: 'Instant', description: 'ISO 8601, in UTC' });

/** The number of a message in its conversation, from 1, without holes. */
export const Seq = z.int().nonnegative().meta({
  id: 'Seq',
  description:
    'Number of a message in its conversation: from 1, without holes. 0 is before the first',
});

/** The number of a durable event in its conversation, from 1, without holes. */
export const Ev = z.int().nonnegative().meta({
  id: 'Ev',
  description: 'Number of a durable event in its conversation: from 1, without holes',
});

/** A caller's own name for something it makes, so that asking again makes nothing twice. */
export const ClientId = z
  .string()
  .min(1)
  .max(64)
  // Control characters cannot all be stored, and halves of surrogate pairs not be told from each other.
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Must be text without control characters')
  .meta({
    id: 'ClientId',
    description:
      'Chosen by the client, best a UUID; unique among what this user makes. A repeat with the same ' +
      'id and the same content answers what was made the first time. No control characters',
  });

/** The delivery epoch: another one than before means that the database was restored. */
export const Epoch = z.string().meta({
  id: 'Epoch',
  description:
    'Delivery epoch, the same as in events. Another one than before means that the database was restored: start afresh',
});

export const PresenceStatus = z.enum(['online', 'away', 'offline']).meta({
  id: 'PresenceStatus',
  description: '`away` is somebody whose every session is idle',
});
export type PresenceStatus = z.infer<typeof PresenceStatus>;

export const ChosenStatus = z.enum(['auto', 'away', 'invisible']).meta({
  id: 'ChosenStatus',
  description:
    'What a user wants others to see: `auto` what the sessions say, `away` never more than that, `invisible` nobody there',
});
export type ChosenStatus = z.infer<typeof ChosenStatus>;

export const MessageType = z.enum(['text', 'system', 'custom']).meta({
  id: 'MessageType',
  description:
    '`system` is written by the server only: its `metadata` says what its sender did (`kind` is `members_added`, ' +
    '`member_left`, `member_removed`, `role_changed`, `renamed` or `picture_changed`; others may come), its `content` ' +
    'the same in English. `custom` is for the client to interpret',
});

export const MemberRole = z.enum(['owner', 'admin', 'member']).meta({
  id: 'MemberRole',
  description:
    'Owners and admins invite, remove, and change title and picture; only an owner removes an owner or gives roles. A ' +
    'group always keeps an owner while somebody is in it',
});
export type MemberRole = z.infer<typeof MemberRole>;

/** A user as others see them. */
export const Profile = z
  .object({
    id: UserId,
    name: z.string(),
    username: z.string().nullable(),
    image: z.string().nullable().describe('Address of a picture, absolute or on this origin'),
  })
  .meta({
    id: 'Profile',
    description: 'A user as others see them, from the claims of their last token',
  });
export type Profile = z.infer<typeof Profile>;

/** What a client attaches to a message. */
export const Metadata = z.record(z.string(), z.json()).meta({
  id: 'Metadata',
  description: 'Any JSON object of at most 4 KiB: stored and delivered, never interpreted',
});

/** One emoji under a message. `mine` is told by REST only: an event is the same for everybody. */
export const Reaction = z
  .object({
    emoji: z.string(),
    count: z.int().positive().describe('How many chose it'),
    userIds: z.array(UserId).describe('The first who chose it, at most twenty'),
    mine: z.boolean().optional().describe('Whether the caller chose it; absent in events'),
  })
  .meta({ id: 'Reaction', description: 'An emoji under a message' });
export type Reaction = z.infer<typeof Reaction>;

/**
 * A message, the same in a page, in the answer of a send and in an event. It is the whole of it every time: of two
 * states of one message the one with the higher `ev` holds.
 */
export const Message = z
  .object({
    id: Id,
    conversationId: Id,
    seq: Seq,
    ev: Ev.optional().describe(
      'Of the event that changed it last: of two states of a message the higher one holds',
    ),
    senderId: UserId,
    clientId: z.string().describe("The sender's own id of it: recognise an own message by this"),
    content: z.string().describe('Plain text; empty once it is deleted'),
    type: MessageType,
    metadata: Metadata.optional(),
    replyToId: Id.nullable().optional().describe('The message that this one replies to'),
    revision: z
      .int()
      .positive()
      .describe('1 as sent, one more after each edit and after the deletion: for If-Match'),
    createdAt: Instant,
    editedAt: Instant.nullable().optional().describe('null while it is as it was sent'),
    deletedAt: Instant.nullable()
      .optional()
      .describe('Set on a tombstone: its place stays, its content is gone'),
    reactions: z
      .array(Reaction)
      .optional()
      .describe('Each emoji once, in the order in which they were first chosen'),
    sender: Profile,
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

export const LastMessage = z
  .object({
    id: Id,
    seq: Seq,
    senderId: UserId,
    preview: z.string().describe('Its first 140 characters; empty once it is deleted'),
    type: MessageType.optional(),
    deletedAt: Instant.nullable().optional(),
    createdAt: Instant,
  })
  .meta({ id: 'LastMessage' });
export type LastMessage = z.infer<typeof LastMessage>;

export const Member = z
  .object({
    userId: UserId,
    role: MemberRole,
    joinedSeq: Seq.describe('Their first message that they may read'),
    profile: Profile,
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

export const Presence = z
  .object({
    userId: UserId,
    status: PresenceStatus,
    lastSeenAt: Instant.nullable().describe('The last heartbeat; null for somebody never seen'),
    version: z
      .int()
      .nonnegative()
      .describe('Rises with every change: of two states of one user the higher one holds'),
  })
  .meta({ id: 'Presence' });
export type Presence = z.infer<typeof Presence>;
