import { chatChannel, conversationChannel } from '@rov/realtime';
import { expect, it } from 'vitest';

import { judgeSink, wordsFor } from './sink.ts';

const ROOM = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';

function heard(channel: string, conversationId: string, ...numbers: number[]) {
  return numbers.map((ev) => ({
    ...{ channel, at: 0 },
    data: { type: 'message', conversationId, ev, eventId: `${conversationId} ${ev}` },
  }));
}

function judge(came: ReturnType<typeof heard>, on: ('conversation' | 'chat')[] = ['conversation']) {
  const promised = [{ conversationId: ROOM, messages: 3, on }];
  return judgeSink({ heard: came, userId: 'ann', promised });
}

const NOTHING = { missing: 0, outOfOrder: 0, twice: 0 };

it('finds nothing wrong with all of them once and in order', () => {
  expect(judge(heard(conversationChannel(ROOM), ROOM, 1, 2, 3))).toEqual(NOTHING);
});

it('finds what is missing, behind, and there again', () => {
  const came = heard(conversationChannel(ROOM), ROOM, 2, 1, 1);
  expect(judge(came)).toEqual({ missing: 1, outOfOrder: 1, twice: 1 });
});

it('does not let a repeat stand for what is missing', () => {
  expect(judge(heard(conversationChannel(ROOM), ROOM, 1, 1, 1)).missing).toBe(2);
});

it('keeps channels and conversations apart', () => {
  const came = [
    ...heard(conversationChannel(OTHER), OTHER, 9),
    ...heard(conversationChannel(ROOM), ROOM, 1, 2, 3),
    ...heard(chatChannel('ann'), OTHER, 9),
    ...heard(chatChannel('ann'), ROOM, 1, 2, 3),
  ];
  expect(judge(came, ['conversation', 'chat'])).toEqual(NOTHING);
  expect(judge(came.slice(0, -3), ['conversation', 'chat']).missing).toBe(3);
});

it('has words for what is wrong and none for what is not', () => {
  expect(wordsFor(NOTHING)).toBeNull();
  expect(wordsFor({ missing: 2, outOfOrder: 0, twice: 1 })).toBe('2 missing, 1 twice');
});
