import { Connection, ConnectionList } from '@rov/realtime';

import { connection } from '../examples.ts';
import { says, saysNothing } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const connectionOperations: Operations = {
  'GET /v1/connections': {
    id: 'listConnections',
    tag: 'Connections',
    summary: "List the caller's connections",
    description: 'By user id, each with their presence.',
    answers: {
      200: says('A page of the list.', ConnectionList, { items: [connection], nextCursor: null }),
    },
  },
  'PUT /v1/connections/{userId}': {
    id: 'connect',
    tag: 'Connections',
    summary: 'Connect with somebody',
    description:
      "Both see each other's presence from then on. A repeat changes nothing. `not_found` means that the other side " +
      'parted again at the same moment.',
    answers: {
      200: says('They were connected already.', Connection, connection),
      201: says('The new connection.', Connection, connection),
    },
    problems: ['not_found', 'not_with_oneself', 'unknown_user', 'outcome_unknown'],
  },
  'DELETE /v1/connections/{userId}': {
    id: 'disconnect',
    tag: 'Connections',
    summary: 'Part again',
    description: 'For both. Without a connection there is nothing to do, which is no error.',
    answers: { 204: saysNothing('They are not connected.') },
    problems: ['outcome_unknown'],
  },
};
