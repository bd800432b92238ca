import { Conversation, ReadState, Unread } from '@rov/realtime';

import { CONVERSATION_ID, group } from '../examples.ts';
import { says } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const unreadOperations: Operations = {
  'PUT /v1/conversations/{conversationId}/read': {
    id: 'markRead',
    tag: 'Unread',
    summary: 'Say how far one has read',
    description:
      "Never moves back, and never past the last message. Takes back a mark as unread. The user's other devices hear " +
      'of it, and in conversations of at most a hundred the others. Whoever sends has read as well, up to what they ' +
      'sent; that is announced by the message itself.',
    example: { seq: 42 },
    answers: {
      200: says('How far it is now, and what is left.', ReadState, {
        lastReadSeq: 42,
        unreadFromSeq: null,
        unreadCount: 0,
        totalUnread: 3,
      }),
    },
    problems: ['not_found', 'outcome_unknown'],
  },
  'PATCH /v1/conversations/{conversationId}/me': {
    id: 'markUnread',
    tag: 'Unread',
    summary: 'Mark a conversation as unread',
    description:
      "From a message on, until the caller reads or sends. Nobody else learns of it: `lastReadSeq` stays. The caller's " +
      'other devices hear of it. The mark stands where unread begins: before the first message that the caller may ' +
      'read it is moved there, and behind an unread one it is moved to that one.',
    example: { unreadFromSeq: 40 },
    answers: {
      200: says('The conversation as it is now.', Conversation, {
        ...group,
        unreadCount: 3,
        unreadFromSeq: 40,
      }),
    },
    problems: ['not_found', 'nothing_from_there', 'outcome_unknown'],
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
