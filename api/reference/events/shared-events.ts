import { DeliveredEvent, ReadEvent, ResyncEvent } from '@rov/realtime';

import { ids } from '../examples.ts';
import { durable, numbered } from './frames.ts';
import { tell } from './told-event.ts';
import type { Told } from './told-event.ts';

/** What either channel carries, by the ids of the shapes. */
export const sharedEvents: Record<string, Told> = {
  ResyncEvent: tell(ResyncEvent, {
    summary: 'Something may not have been heard: read again from `fromSeq` on',
    delivery: 'durable',
    example: { ...numbered, type: 'resync', fromSeq: 40 },
  }),
  ReadEvent: tell(ReadEvent, {
    summary: 'How far a member has read',
    delivery: 'receipt',
    example: {
      ...durable,
      type: 'read',
      conversationId: numbered.conversationId,
      userId: ids.ben,
      lastReadSeq: 42,
    },
  }),
  DeliveredEvent: tell(DeliveredEvent, {
    summary: 'How far messages have reached a device of a member',
    delivery: 'receipt',
    example: {
      ...durable,
      type: 'delivered',
      conversationId: numbered.conversationId,
      userId: ids.ben,
      lastDeliveredSeq: 42,
    },
  }),
};
