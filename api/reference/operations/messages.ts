import { Message, MessagePage } from '@rov/realtime';

import { editedMessage, message, page, sentMessage, tombstone } from '../examples.ts';
import { says, saysAgain, saysRevision } from '../operation.ts';
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
      'The newest ones, those next to a place, or those to which something happened since an event. A member reads ' +
      'what was said since they joined. `ev` says which events the page already contains, so that it can be joined to ' +
      'what the channel brings; of two states of one message the one with the higher `ev` holds.',
    answers: { 200: says('Messages in rising `seq`.', MessagePage, page) },
    problems: ['not_found'],
  },
  'PATCH /v1/conversations/{conversationId}/messages/{messageId}': {
    id: 'editMessage',
    tag: 'Messages',
    summary: 'Edit a message',
    description:
      'For its sender. `If-Match` names the revision that the sender saw, so that no edit is written over another ' +
      'unseen. The same content as before changes nothing. After a timeout or a 503 just ask again: the same content ' +
      'over the revision before is known as a repeat.',
    condition: 'required',
    isTraced: true,
    example: { content: editedMessage.content },
    answers: { 200: saysRevision('The message as it is now.', Message, editedMessage) },
    problems: [
      'not_the_sender',
      'system_message',
      'not_found',
      'message_deleted',
      'revision_mismatch',
      'content_empty',
      'content_too_long',
      'content_malformed',
      'precondition_required',
      'outcome_unknown',
    ],
  },
  'DELETE /v1/conversations/{conversationId}/messages/{messageId}': {
    id: 'deleteMessage',
    tag: 'Messages',
    summary: 'Delete a message',
    description:
      'For its sender, and in a group for owners and admins. A tombstone stays in its place: without content, metadata ' +
      'and reactions, and counted as unread no more. Deleting it again answers the tombstone.',
    condition: 'optional',
    isTraced: true,
    answers: { 200: saysRevision('The tombstone.', Message, tombstone) },
    problems: [
      'role_required',
      'system_message',
      'not_found',
      'revision_mismatch',
      'outcome_unknown',
    ],
  },
};
