import { Message, MessagePage } from '@rov/realtime';

import { message, page, sentMessage } from '../examples.ts';
import { says, saysAgain } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const messageOperations: Operations = {
  'POST /v1/conversations/{conversationId}/messages': {
    id: 'sendMessage',
    tag: 'Messages',
    summary: 'Send a message',
    description:
      'Once this is answered with 201 the message reaches every member, in order, even if the real-time server ' +
      'is down at the moment. A repeat with the same `clientId`, content, type, metadata and reply answers the ' +
      'message that was stored the first time, for ever: after a timeout or a 503 just send it again.\n\n' +
      'The text is brought into Unicode form NFC, trimmed, and freed of control characters but `\\n` and `\\t`.',
    isTraced: true,
    example: sentMessage,
    answers: {
      200: saysAgain('It was stored already: this is a repeat.', Message, message),
      201: says('The stored message.', Message, message),
    },
    problems: [
      'not_found',
      'content_empty',
      'content_too_long',
      'content_malformed',
      'metadata_too_large',
      'metadata_malformed',
      'reply_not_found',
      'client_id_reused',
      'outcome_unknown',
    ],
  },
  'GET /v1/conversations/{conversationId}/messages': {
    id: 'listMessages',
    tag: 'Messages',
    summary: 'Read messages',
    description:
      'The newest ones, or those next to a place. A member reads what was said since they joined. ' +
      '`ev` says which events the page already contains, so that it can be joined to what the channel brings.',
    answers: { 200: says('Messages in rising `seq`.', MessagePage, page) },
    problems: ['not_found'],
  },
};
