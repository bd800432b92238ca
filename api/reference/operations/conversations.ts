import { Conversation, ConversationList } from '@rov/realtime';

import { CLIENT_ID, direct, group, ids, newGroup } from '../examples.ts';
import { says, saysAgain } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const conversationOperations: Operations = {
  'GET /v1/conversations': {
    id: 'listConversations',
    tag: 'Conversations',
    summary: "List the caller's conversations",
    description:
      'The last active first, each with what a list shows of it; with `filter` only some of them.',
    answers: {
      200: says('A page of the list.', ConversationList, { items: [group], nextCursor: null }),
    },
  },
  'POST /v1/conversations': {
    id: 'createGroup',
    tag: 'Conversations',
    summary: 'Create a group',
    description:
      'The caller becomes its owner. A repeat with the same `clientId`, title and members answers the group that ' +
      'was made the first time, or `not_found` if the caller has left it since.',
    example: { clientId: CLIENT_ID, title: 'Lunch', memberIds: [ids.ben, ids.cleo] },
    answers: {
      200: saysAgain('The group was there already: this is a repeat.', Conversation, newGroup),
      201: says('The new group.', Conversation, newGroup),
    },
    problems: [
      'not_found',
      'title_not_allowed',
      'client_id_reused',
      'unknown_user',
      'outcome_unknown',
    ],
  },
  'PUT /v1/conversations/direct/{userId}': {
    id: 'openDirectConversation',
    tag: 'Conversations',
    summary: 'Open the direct conversation with somebody',
    description:
      'There is one for each pair of people, whoever of the two asks first and however often.',
    answers: {
      200: says('It was there already.', Conversation, direct),
      201: says('The new conversation.', Conversation, direct),
    },
    problems: ['not_with_oneself', 'unknown_user', 'outcome_unknown'],
  },
  'GET /v1/conversations/{conversationId}': {
    id: 'getConversation',
    tag: 'Conversations',
    summary: 'Get a conversation',
    description: 'The same as its entry in the list.',
    answers: { 200: says('The conversation.', Conversation, group) },
    problems: ['not_found'],
  },
  'PATCH /v1/conversations/{conversationId}': {
    id: 'updateConversation',
    tag: 'Conversations',
    summary: 'Give a group another title or picture',
    description:
      'For owners and admins. What is absent stays as it is, and what is as it was already announces nothing.',
    example: { title: 'Lunch on Friday' },
    answers: {
      200: says('The conversation as it is now.', Conversation, {
        ...group,
        title: 'Lunch on Friday',
        role: 'admin',
      }),
    },
    problems: [
      'role_required',
      'not_found',
      'title_not_allowed',
      'direct_conversation',
      'outcome_unknown',
    ],
  },
};
