import { saysNothing } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const sessionOperations: Operations = {
  'DELETE /v1/sessions': {
    id: 'signOutEverywhere',
    tag: 'Sessions',
    summary: 'Sign out everywhere',
    description:
      "Closes all of the caller's connections, has others see them offline, and refuses every token that was issued " +
      'until now with `signed_out`: at once where tokens for the WebSocket are given out, after two seconds at the ' +
      'latest elsewhere. Whoever signs in again needs a token that was issued in a later second.',
    answers: { 204: saysNothing('Signed out, here too.') },
    problems: ['outcome_unknown'],
  },
};
