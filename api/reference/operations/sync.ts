import { MessageTrace, Sync, Verified } from '@rov/realtime';

import { message, newGroup, presence } from '../examples.ts';
import { says } from '../operation.ts';
import type { Operations } from '../operation.ts';

const { epoch } = newGroup;
const { conversationId } = message;

export const syncOperations: Operations = {
  'GET /v1/sync': {
    id: 'sync',
    tag: 'Sync',
    summary: 'Ask what changed',
    description:
      'Without a cursor: what there is, beginning with the conversations that were active last. With the cursor of ' +
      'the sync before: every conversation of which anything changed since, whole, as it is now; those that the caller ' +
      'is in no longer; and whose presence changed. No committed change is ever passed over, and a change may come ' +
      'twice. What was said is read from `GET …/messages?changedSince=`.\n\n' +
      'A cursor holds for 30 days, and until the database is restored: then 410, begin without one.',
    answers: {
      200: says('What changed, and the cursor for the next time.', Sync, {
        cursor: 'eyJ4bWluIjoiNzQyIn0',
        epoch,
        limited: false,
        conversations: [newGroup],
        removed: [],
        presence: [presence],
        me: {
          profile: message.sender,
          presence: { status: 'online', chosen: 'auto' },
          totalUnread: 3,
        },
      }),
    },
    problems: ['cursor_expired'],
  },
  'POST /v1/sync/verify': {
    id: 'verifySync',
    tag: 'Sync',
    summary: 'Compare what one holds with what there is',
    description:
      'For clients that want to be sure: which of these conversations are not as they are held. Of `lastReadSeq` and ' +
      '`unreadCount` only what is given is compared. With another `epoch` than the present one all of them diverge.',
    example: { epoch, heads: [{ conversationId, ev: 45, lastSeq: 42 }] },
    answers: {
      200: says('Those that have to be read again.', Verified, {
        epoch,
        diverged: [{ conversationId, ev: 46, lastSeq: 43 }],
      }),
    },
  },
  'GET /v1/conversations/{conversationId}/messages/{messageId}/trace': {
    id: 'traceMessage',
    tag: 'Sync',
    summary: 'Follow a message on its way',
    description:
      'What became of the event by which the message was sent: whether it waits, when the real-time server took it, or ' +
      'why it did not. For its sender, and for owners and admins.',
    answers: {
      200: says('Where it is.', MessageTrace, {
        messageId: message.id,
        conversationId,
        seq: 42,
        state: 'delivered',
        eventId: '5b0d3c6e-9f41-4f6b-8a52-0c7d2e91b384',
        ev: 45,
        committedAt: message.createdAt,
        acknowledgedAt: '2026-03-02T11:04:27.533Z',
        delayMs: 15,
        attempts: 1,
        superseded: false,
        traceparent: null,
      }),
    },
    problems: ['not_found', 'role_required'],
  },
};
