import { Taken } from '@rov/realtime';

import { says } from '../operation.ts';
import type { Operations } from '../operation.ts';

export const typingOperations: Operations = {
  'POST /v1/conversations/{conversationId}/typing': {
    id: 'tellTyping',
    tag: 'Typing and viewing',
    summary: 'Say that one is typing, or stopped',
    description:
      'Those who have the conversation open hear it as `typing` and believe it for seven seconds: say it again every ' +
      'three while it goes on, and `stop` when it ends. Sending a message ends it, too. It is told once and stored ' +
      'nowhere; nobody hears it later, and it may be lost, which is no error. Of several starts within two seconds ' +
      'the first is told. Above a hundred members nobody is.',
    example: { state: 'start' },
    answers: {
      202: says('Taken. Whether it arrives is not known.', Taken, { expiresInMs: 7_000 }),
    },
    problems: ['not_found'],
  },
  'POST /v1/conversations/{conversationId}/viewing': {
    id: 'tellViewing',
    tag: 'Typing and viewing',
    summary: 'Say that one looks at a conversation, or stopped',
    description:
      'The same for having the conversation before one’s eyes, which others hear as `viewing` and believe for a ' +
      'minute: say it again every 25 seconds. Of somebody who chose to be `invisible` nobody hears it.',
    example: { state: 'start' },
    answers: {
      202: says('Taken. Whether it arrives is not known.', Taken, { expiresInMs: 60_000 }),
    },
    problems: ['not_found'],
  },
};
