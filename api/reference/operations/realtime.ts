import { conversationChannel, Position, RealtimeToken, SubscriptionToken } from '@rov/realtime';

import { CONVERSATION_ID, expiresAt, token } from '../examples.ts';
import { says } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const realtimeOperations: Operations = {
  'POST /v1/realtime/token': {
    id: 'createConnectionToken',
    tag: 'Real time',
    summary: 'Get a token to connect with',
    description:
      'A token for the WebSocket connection to Centrifugo, good for ten minutes. The connection outlives it if ' +
      'the client fetches the next one in time, as the client libraries of Centrifugo do.',
    answers: {
      200: says('The token, and where to connect.', RealtimeToken, {
        token,
        expiresAt,
        url: 'wss://chat.example.com/connection/websocket',
      }),
    },
  },
  'POST /v1/realtime/subscription-token': {
    id: 'createSubscriptionToken',
    tag: 'Real time',
    summary: 'Get a token to listen to a channel',
    description:
      'A user may listen to their own channel and to those of conversations that they are in. The token names one ' +
      'channel and is good for 30 seconds: fetch one whenever you subscribe. Who has just come into a conversation may have to wait a ' +
      'moment, until nothing of what was said before can be recovered from the channel.',
    example: { channel: conversationChannel(CONVERSATION_ID) },
    answers: { 200: says('The token.', SubscriptionToken, { token, expiresAt }) },
    problems: ['not_a_channel', 'channel_refused', 'conversation_not_ready'],
  },
  'GET /v1/realtime/position': {
    id: 'getChannelPosition',
    tag: 'Real time',
    summary: 'Ask where a channel stands',
    description:
      'To begin without a gap: ask for the position, then load the state, then subscribe from the position. ' +
      'Whatever happened in between is recovered. The only call that needs Centrifugo to be up.',
    answers: {
      200: says('The position now.', Position, { offset: 108, epoch: 'xKzQ' }),
    },
    problems: [
      'not_a_channel',
      'channel_refused',
      'conversation_not_ready',
      'realtime_unavailable',
    ],
  },
};
