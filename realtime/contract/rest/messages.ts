import * as z from 'zod';

import { ClientId, Epoch, Ev, Id, Instant, Message, Metadata, Seq, UserId } from '../primitives.ts';
import { limit } from './list.ts';

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

export const EditMessageRequest = z
  .strictObject({ content: z.string().describe('As in a send') })
  .meta({ id: 'EditMessageRequest' });

const EXCLUSIVE = ['before', 'after', 'around', 'changedSince'] as const;

export const MessagesQuery = z
  .strictObject({
    before: z.coerce
      .number()
      .int()
      .positive()
      .optional()
      .describe('Messages with a smaller `seq`, the nearest ones'),
    after: z.coerce
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe('Messages with a greater `seq`, the nearest ones'),
    around: z.coerce
      .number()
      .int()
      .positive()
      .optional()
      .describe('The message with this `seq`, in the middle of its neighbours'),
    changedSince: z.coerce
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe(
        'What happened to messages after the event with this number: those that were sent, edited, deleted or reacted to, as they are now, in rising `ev`. `hasNewer`: ask again with the `ev` of the last one',
      ),
    limit: limit.default(50).describe('How many at most'),
  })
  .refine((query) => EXCLUSIVE.filter((way) => query[way] !== undefined).length <= 1, {
    message: `${EXCLUSIVE.join(', ')} exclude each other`,
  });

/** How far a member has read, and how far messages have reached a device of theirs. */
export const Receipt = z
  .object({ userId: UserId, lastReadSeq: Seq, lastDeliveredSeq: Seq })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof Receipt>;

/** Messages in rising `seq`; `ev` is the number of the last event that the page already contains. */
export const MessagePage = z
  .object({
    items: z.array(Message).describe('In rising `seq`; asked by `changedSince`, in rising `ev`'),
    hasOlder: z.boolean().describe('Whether there are messages before the first one here'),
    hasNewer: z.boolean().describe('Whether there are messages after the last one here'),
    lastSeq: Seq.describe('Of the newest message of the conversation'),
    ev: Ev.describe('Of the last event that this page already contains'),
    epoch: Epoch,
    receipts: z
      .array(Receipt)
      .optional()
      .describe('Of the other members, while the conversation has at most a hundred'),
  })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

/** What became of the event by which a message was sent, for its sender and for those who keep the conversation. */
export const MessageTrace = z
  .object({
    messageId: Id,
    conversationId: Id,
    seq: Seq,
    state: z
      .enum(['waiting', 'delivered', 'dead', 'unknown'])
      .describe('`unknown`: longer ago than deliveries are kept'),
    eventId: z.uuid().nullable(),
    ev: Ev.nullable(),
    committedAt: Instant,
    acknowledgedAt: Instant.nullable(),
    delayMs: z.number().nonnegative().nullable().describe('From the commit to the acknowledgement'),
    attempts: z.int().nonnegative().nullable(),
    superseded: z.boolean().describe('Heard through a resync instead of by itself'),
    traceparent: z.string().nullable(),
  })
  .meta({ id: 'MessageTrace' });
export type MessageTrace = z.infer<typeof MessageTrace>;
