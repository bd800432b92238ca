import * as z from 'zod';

import {
  Ev,
  Id,
  Instant,
  Member,
  MemberRole,
  Message,
  Presence,
  PresenceStatus,
  Profile,
  Seq,
  UserId,
} from './primitives.ts';

/** A client's own id of what it sends: visible ASCII, 1–64 characters. */
const clientId = z
  .string()
  .regex(/^[!-~]{1,64}$/)
  .meta({ description: 'Visible ASCII, 1–64 characters' });
const limit = z.coerce.number().int().min(1).max(100);

function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** RFC 9457, with a stable `code`. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

// Real time

export const RealtimeToken = z
  .object({ token: z.string(), expiresAt: Instant, url: z.string() })
  .meta({ id: 'RealtimeToken' });
export type RealtimeToken = z.infer<typeof RealtimeToken>;

export const SubscriptionTokenRequest = z.strictObject({ channel: z.string().min(1).max(255) });
export const SubscriptionToken = z
  .object({ token: z.string(), expiresAt: Instant })
  .meta({ id: 'SubscriptionToken' });
export type SubscriptionToken = z.infer<typeof SubscriptionToken>;

export const PositionQuery = z.strictObject({ channel: z.string().min(1).max(255) });
/** Where a channel stands, for `getState`: take the position first, then load, then recover from it. */
export const Position = z
  .object({ offset: z.int().nonnegative(), epoch: z.string() })
  .meta({ id: 'Position' });
export type Position = z.infer<typeof Position>;

// People

export const Connection = z
  .object({ profile: Profile, presence: Presence })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;
export const ConnectionList = listOf(Connection);
export type ConnectionList = z.infer<typeof ConnectionList>;

export const PresenceQuery = z.strictObject({
  userIds: z
    .string()
    .transform((ids) => ids.split(',').filter((id) => id !== ''))
    .pipe(z.array(UserId).min(1).max(100)),
});
export const PresenceList = z.object({ items: z.array(Presence) }).meta({ id: 'PresenceList' });
export type PresenceList = z.infer<typeof PresenceList>;

export const PresenceSessionRequest = z.strictObject({ state: z.enum(['active', 'idle']) });
/** The user's status as others see it, and in how many milliseconds to beat again. */
export const PresenceSession = z
  .object({ status: PresenceStatus, nextInMs: z.int().positive() })
  .meta({ id: 'PresenceSession' });
export type PresenceSession = z.infer<typeof PresenceSession>;

// Conversations

export const LastMessage = z
  .object({ id: Id, seq: Seq, senderId: UserId, preview: z.string(), createdAt: Instant })
  .meta({ id: 'LastMessage' });

export const Conversation = z
  .object({
    id: Id,
    kind: z.enum(['direct', 'group']),
    title: z.string().nullable(),
    image: z.string().nullable(),
    lastSeq: Seq,
    ev: Ev,
    /** Delivery epoch, for comparison with the one in events. */
    epoch: z.string(),
    unreadCount: z.int().nonnegative(),
    lastReadSeq: Seq,
    role: MemberRole,
    memberCount: z.int().nonnegative(),
    /** The first members, at most ten, oldest first. */
    members: z.array(Profile),
    lastMessage: LastMessage.nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;
export const ConversationList = listOf(Conversation);
export type ConversationList = z.infer<typeof ConversationList>;

export const ListQuery = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: limit.default(50),
});

export const CreateGroupRequest = z.strictObject({
  clientId,
  title: z.string().trim().min(1).max(100),
  memberIds: z.array(UserId).max(1000),
});

export const AddMembersRequest = z.strictObject({ userIds: z.array(UserId).min(1).max(100) });
export const MemberList = listOf(Member);
export type MemberList = z.infer<typeof MemberList>;

// Messages

export const SendMessageRequest = z.strictObject({
  clientId,
  content: z.string(),
  type: z.enum(['text', 'custom']).default('text'),
  metadata: z.record(z.string(), z.json()).optional(),
  replyToId: Id.optional(),
});
export type SendMessageRequest = z.input<typeof SendMessageRequest>;

export const MessagesQuery = z
  .strictObject({
    before: z.coerce.number().int().positive().optional(),
    after: z.coerce.number().int().nonnegative().optional(),
    limit: limit.default(50),
  })
  .refine((query) => query.before === undefined || query.after === undefined, {
    message: 'before and after exclude each other',
  });

/** Messages in rising `seq`; `ev` is the number of the last event that the page already contains. */
export const MessagePage = z
  .object({
    items: z.array(Message),
    hasOlder: z.boolean(),
    hasNewer: z.boolean(),
    lastSeq: Seq,
    ev: Ev,
    epoch: z.string(),
  })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

export const MarkReadRequest = z.strictObject({ seq: z.int().nonnegative() });
export const ReadState = z
  .object({
    lastReadSeq: Seq,
    unreadCount: z.int().nonnegative(),
    totalUnread: z.int().nonnegative(),
  })
  .meta({ id: 'ReadState' });
export type ReadState = z.infer<typeof ReadState>;

export const Unread = z
  .object({
    total: z.int().nonnegative(),
    byConversation: z.record(Id, z.int().nonnegative()),
  })
  .meta({ id: 'Unread' });
export type Unread = z.infer<typeof Unread>;
