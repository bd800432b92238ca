import { ReadState, Unread } from '@rov/realtime';

import { CONVERSATION_ID } from '../examples.ts';
import { says } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const unreadOperations: Operations = {
  'PUT /v1/conversations/{conversationId}/read': {
    id: 'markRead',
    tag: 'Unread',
    summary: 'Say how far one has read',
    description:
      "Never moves back, and never past the last message. The user's other devices hear of it.",
    example: { seq: 42 },
    answers: {
      200: says('How far it is now, and what is left.', ReadState, {
        lastReadSeq: 42,
        unreadCount: 0,
        totalUnread: 3,
      }),
    },
    problems: ['not_found', 'outcome_unknown'],
  },
  'GET /v1/unread': {
    id: 'getUnread',
    tag: 'Unread',
    summary: 'Count what is unread',
    description: 'In all, and by conversation. Exact: nothing is kept that could drift.',
    answers: {
      200: says('The counts.', Unread, { total: 3, byConversation: { [CONVERSATION_ID]: 3 } }),
    },
  },
};
