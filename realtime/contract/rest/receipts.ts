import * as z from 'zod';

import { Id, Profile, Seq } from '../primitives.ts';

export const MarkReadRequest = z
  .strictObject({ seq: Seq.describe('Of the last message that was read') })
  .meta({ id: 'MarkReadRequest' });
export const ReadState = z
  .object({
    lastReadSeq: Seq,
    unreadFromSeq: Seq.nullable().optional().describe('As in a conversation'),
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

export const DeliveredRequest = z
  .strictObject({
    items: z
      .array(z.strictObject({ conversationId: Id, seq: Seq }))
      .min(1)
      .max(100)
      .describe('The last message of each conversation that reached this device'),
  })
  .meta({ id: 'DeliveredRequest' });
/** Conversations that the caller is no member of are left out. */
export const DeliveredState = z
  .object({ items: z.array(z.object({ conversationId: Id, lastDeliveredSeq: Seq })) })
  .meta({ id: 'DeliveredState' });
export type DeliveredState = z.infer<typeof DeliveredState>;

/** Who of the other members has read a message, and who has it on a device. */
export const MessageReceipts = z
  .object({
    readCount: z.int().nonnegative(),
    deliveredCount: z.int().nonnegative().describe('Whoever has read it is counted, too'),
    items: z
      .array(z.object({ profile: Profile, state: z.enum(['read', 'delivered', 'sent']) }))
      .describe('By user id; who came after the message is not among them'),
    nextCursor: z.string().nullable().describe('For the next page; null on the last one'),
  })
  .meta({ id: 'MessageReceipts' });
export type MessageReceipts = z.infer<typeof MessageReceipts>;
