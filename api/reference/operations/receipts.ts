import { DeliveredState, MessageReceipts } from '@rov/realtime';

import { CONVERSATION_ID, receipts } from '../examples.ts';
import { says } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const receiptOperations: Operations = {
  'POST /v1/receipts/delivered': {
    id: 'reportDelivered',
    tag: 'Receipts',
    summary: 'Say up to where messages have reached a device',
    description:
      'In many conversations at once, at most once a second. Never moves back, and never past the last message; ' +
      'whoever has read a message has it as well. In a direct conversation the other one hears of it. Conversations ' +
      'that the caller is no member of are left out.',
    example: { items: [{ conversationId: CONVERSATION_ID, seq: 42 }] },
    answers: {
      200: says('Up to where it is now, by conversation.', DeliveredState, {
        items: [{ conversationId: CONVERSATION_ID, lastDeliveredSeq: 42 }],
      }),
    },
    problems: ['outcome_unknown'],
  },
  'GET /v1/conversations/{conversationId}/messages/{messageId}/receipts': {
    id: 'listReceipts',
    tag: 'Receipts',
    summary: 'Ask who has read a message',
    description:
      'By user id: those who are in the conversation and came before the message, but its sender. For any number of ' +
      'members; up to a hundred of them are announced by themselves, and told with every page of messages.',
    answers: { 200: says('The counts, and a page of the list.', MessageReceipts, receipts) },
    problems: ['not_found'],
  },
};
