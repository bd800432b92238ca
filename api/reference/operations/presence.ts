import { OwnPresence, PresenceList, PresenceSession } from '@rov/realtime';

import { presence } from '../examples.ts';
import { says, saysNothing } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const presenceOperations: Operations = {
  'PUT /v1/presence/sessions/{sessionId}': {
    id: 'beat',
    tag: 'Presence',
    summary: 'Say that one is there',
    description:
      'A heartbeat of one open page or app, under an id that it has chosen. A user is `online` while a session ' +
      'is active, `away` while all are idle. A session that stops beating ends after 90 seconds.',
    example: { state: 'active' },
    answers: {
      200: says("The user's status, and when to beat again.", PresenceSession, {
        status: 'online',
        chosen: 'auto',
        nextInMs: 25_000,
      }),
    },
    problems: ['outcome_unknown'],
  },
  'PUT /v1/presence/status': {
    id: 'chooseStatus',
    tag: 'Presence',
    summary: 'Choose what others see',
    description:
      'Holds on every device until something else is chosen. `away` shows the user as away at most; `invisible` as ' +
      'offline since then, while everything else works, contacts seen by the user included.',
    example: { status: 'invisible' },
    answers: {
      200: says("The user's status as others see it, and the choice.", OwnPresence, {
        status: 'offline',
        chosen: 'invisible',
      }),
    },
    problems: ['outcome_unknown'],
  },
  'DELETE /v1/presence/sessions/{sessionId}': {
    id: 'endSession',
    tag: 'Presence',
    summary: 'Say goodbye',
    description:
      'The session counts for 20 seconds more, so that a reload of the page does not flicker. An unknown one is ' +
      'no error.',
    answers: { 204: saysNothing('Noted.') },
    problems: ['outcome_unknown'],
  },
  'GET /v1/presence': {
    id: 'getPresence',
    tag: 'Presence',
    summary: 'Ask who is there',
    description:
      'Tells of connections and of oneself. Others, and ids that nobody has, are left out.',
    answers: { 200: says('Those whom the caller may see.', PresenceList, { items: [presence] }) },
  },
};
