import * as z from 'zod';

import {
  ChosenStatus,
  ClientId,
  Epoch,
  Ev,
  Id,
  Instant,
  Member,
  MemberRole,
  Message,
  Metadata,
  Presence,
  PresenceStatus,
  Profile,
  Seq,
  UserId,
} from './primitives.ts';

const limit = z.coerce.number().int().min(1).max(100);

const channel = z
  .string()
  .min(1)
  .max(255)
  .describe('The channel of a conversation, by its id, or of a user, by theirs');

function listOf<T extends z.ZodType>(item: T, id: string) {
  const nextCursor = z.string().nullable().describe('For the next page; null on the last one');
  return z.object({ items: z.array(item), nextCursor }).meta({ id });
}

/** RFC 9457, with a stable `code`. */
export const Problem = z
  .object({
    type: z.string().describe('A URI that stands for the code'),
    title: z.string().describe('The code in words, the same every time'),
    status: z.int(),
    detail: z.string().optional().describe('A sentence about this occurrence'),
    instance: z.string().describe('The path that was asked for'),
    code: z.string().describe('Stable: what a program may decide on'),
    requestId: z
      .string()
      .describe('The same as in `X-Request-Id`; name it when you report a fault'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('What is wrong with the request, field by field; at most 20'),
  })
  .meta({ id: 'Problem', description: 'An error after RFC 9457, with a stable `code`' });
export type Problem = z.infer<typeof Problem>;

// Real time

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

// People

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

// Conversations

export const LastMessage = z
  .object({
    id: Id,
    seq: Seq,
    senderId: UserId,
    preview: z.string().describe('Its first 140 characters'),
    createdAt: Instant,
  })
  .meta({ id: 'LastMessage' });

export const Conversation = z
  .object({
    id: Id,
    kind: z.enum(['direct', 'group']),
    title: z.string().nullable().describe('Of a group; null for a direct conversation'),
    image: z.string().nullable(),
    lastSeq: Seq.describe('Of the newest message; 0 while there is none'),
    ev: Ev.describe('Of the newest event'),
    epoch: Epoch,
    unreadCount: z.int().nonnegative(),
    lastReadSeq: Seq.describe('Up to where the caller has read'),
    role: MemberRole.describe("The caller's own"),
    memberCount: z.int().nonnegative(),
    members: z.array(Profile).describe('The first to join, at most ten, oldest first'),
    lastMessage: LastMessage.nullable().describe(
      'null while there is none that the caller may read',
    ),
    createdAt: Instant,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;
export const ConversationList = listOf(Conversation, 'ConversationList');
export type ConversationList = z.infer<typeof ConversationList>;

export const ListQuery = z.strictObject({
  cursor: z.string().max(200).optional().describe('`nextCursor` of the page before this one'),
  limit: limit.default(50).describe('How many at most'),
});

export const CreateGroupRequest = z
  .strictObject({
    clientId: ClientId,
    title: z.string().trim().min(1).max(100),
    memberIds: z.array(UserId).max(1000).describe('The others; the caller becomes the owner'),
  })
  .meta({ id: 'CreateGroupRequest' });

export const AddMembersRequest = z
  .strictObject({ userIds: z.array(UserId).min(1).max(100) })
  .meta({ id: 'AddMembersRequest' });
export const MemberList = listOf(Member, 'MemberList');
export type MemberList = z.infer<typeof MemberList>;

// Messages

export const SendMessageRequest = z
  .strictObject({
    clientId: ClientId,
    content: z
      .string()
      .describe('1–4,000 characters once trimmed and freed of control characters but \\n and \\t'),
    type: z.enum(['text', 'custom']).default('text'),
    metadata: Metadata.optional(),
    replyToId: Id.optional().describe('A message of the same conversation'),
  })
  .meta({ id: 'SendMessageRequest' });
export type SendMessageRequest = z.input<typeof SendMessageRequest>;

export const MessagesQuery = z
  .strictObject({
    before: z.coerce
      .number()
      .int()
      .positive()
      .optional()
      .describe('Messages with a smaller `seq`, the nearest ones. Excludes `after`'),
    after: z.coerce
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe('Messages with a greater `seq`, the nearest ones. Excludes `before`'),
    limit: limit.default(50).describe('How many at most'),
  })
  .refine((query) => query.before === undefined || query.after === undefined, {
    message: 'before and after exclude each other',
  });

/** Messages in rising `seq`; `ev` is the number of the last event that the page already contains. */
export const MessagePage = z
  .object({
    items: z.array(Message).describe('In rising `seq`'),
    hasOlder: z.boolean().describe('Whether there are messages before the first one here'),
    hasNewer: z.boolean().describe('Whether there are messages after the last one here'),
    lastSeq: Seq.describe('Of the newest message of the conversation'),
    ev: Ev.describe('Of the last event that this page already contains'),
    epoch: Epoch,
  })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

export const MarkReadRequest = z
  .strictObject({ seq: Seq.describe('Of the last message that was read') })
  .meta({ id: 'MarkReadRequest' });
export const ReadState = z
  .object({
    lastReadSeq: Seq,
    unreadCount: z.int().nonnegative(),
    totalUnread: z.int().nonnegative().describe('Over all conversations'),
  })
  .meta({ id: 'ReadState' });
export type ReadState = z.infer<typeof ReadState>;

export const Unread = z
  .object({
    total: z.int().nonnegative(),
    byConversation: z
      .record(Id, z.int().nonnegative())
      .describe('Where it is not zero, by the id of the conversation'),
  })
  .meta({ id: 'Unread' });
export type Unread = z.infer<typeof Unread>;
