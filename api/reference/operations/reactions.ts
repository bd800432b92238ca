import { Message } from '@rov/realtime';

import { likedMessage, message } from '../examples.ts';
import { says } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const reactionOperations: Operations = {
  'PUT /v1/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}': {
    id: 'addReaction',
    tag: 'Reactions',
    summary: 'Choose an emoji for a message',
    description:
      'One emoji as people see it: with its skin tone, of several joined ones, a flag. Whoever chose it already stays ' +
      'as they are. A message has at most 20 different ones, each of any number of people.',
    isTraced: true,
    answers: { 200: says('The message as it is now.', Message, likedMessage) },
    problems: [
      'system_message',
      'not_found',
      'message_deleted',
      'emoji_not_allowed',
      'too_many_emoji',
      'outcome_unknown',
    ],
  },
  'DELETE /v1/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}': {
    id: 'removeReaction',
    tag: 'Reactions',
    summary: 'Take an emoji back',
    description: "The caller's own; one that they had not chosen changes nothing.",
    isTraced: true,
    answers: { 200: says('The message as it is now.', Message, message) },
    problems: [
      'system_message',
      'not_found',
      'message_deleted',
      'emoji_not_allowed',
      'outcome_unknown',
    ],
  },
};
