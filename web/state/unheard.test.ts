import { emptyChat, reduce } from '@rov/realtime/client';
import type { ChatInput, ChatState } from '@rov/realtime/client';
import { describe, expect, test } from 'vitest';

import {
  exampleConversation,
  exampleMessage,
  examplePage,
} from '../../test/chat-client/example.ts';
import { standingTrouble } from './standing-trouble.ts';
import { delaySeconds, noted, unheardIn } from './unheard.ts';

const feed = (state: ChatState, ...inputs: ChatInput[]) => inputs.reduce(reduce, state);
const opened = feed(
  emptyChat('ann'),
  {
    ...{ type: 'list', asked: 9 },
    list: { items: [exampleConversation({ id: 'c1' })], nextCursor: 'more' },
  },
  { type: 'opened', conversationId: 'c1' },
  {
    ...{ type: 'page', conversationId: 'c1', asked: 9 },
    ...{ how: { way: 'latest' }, page: examplePage({ from: 1, to: 3 }) },
  },
);
const mine = { ...exampleMessage({ seq: 4, from: 'ann' }), ev: 4 };
const confirmed: ChatInput = { type: 'message', message: mine };
const brought = {
  ...{ type: 'event' as const, conversationId: 'c1', now: 0 },
  event: { type: 'message', ev: 4, epoch: 'e1', message: mine },
} satisfies ChatInput;

describe('what is unheard', () => {
  test('is what the server has confirmed, until the socket brings it', () => {
    expect(unheardIn(opened)).toEqual([]);
    const sent = feed(opened, confirmed);
    expect(unheardIn(sent)).toEqual(['c1 4']);
    expect(unheardIn(feed(sent, brought))).toEqual([]);
    expect(unheardIn(feed(opened, brought, confirmed))).toEqual([]);
  });

  test('is not what was heard while something before it is missing', () => {
    const later = { ...mine, ev: 5 };
    const event = { type: 'message', ev: 5, epoch: 'e1', message: later };
    const sent = feed(opened, { type: 'message', message: later });
    expect(unheardIn(sent)).toEqual(['c1 5']);
    expect(unheardIn(feed(sent, { ...brought, event }))).toEqual([]);
  });

  test('is not what somebody left behind: nothing is heard there', () => {
    const left = feed(opened, confirmed, { type: 'closed', conversationId: 'c1' });
    expect(unheardIn(left)).toEqual([]);
  });

  test('is as old as its oldest, also when that of before has come', () => {
    const first = noted(new Map(), { unheard: ['a'], now: 1000 });
    const both = noted(first, { unheard: ['a', 'b'], now: 4000 });
    expect(delaySeconds(both, 13_500)).toBe(12);
    const second = noted(both, { unheard: ['b'], now: 13_000 });
    expect(delaySeconds(second, 13_500)).toBe(9);
    expect(delaySeconds(noted(second, { unheard: [], now: 14_000 }), 14_000)).toBe(0);
  });
});

describe('trouble with the API', () => {
  const trouble = { status: 0, code: 'unreachable', message: 'no' };
  const failed: ChatInput = { type: 'failed', fetched: { what: 'list' }, trouble };

  test('stands as long as what was asked for is needed', () => {
    const asked = feed(opened, { type: 'lost', conversationId: null }, failed);
    expect(standingTrouble(asked)).toEqual(trouble);
    const list = { items: [], nextCursor: null };
    expect(standingTrouble(feed(asked, { type: 'list', list, asked: 99 }))).toBeNull();
  });

  test('is over where nobody asks any more', () => {
    const gaveUp = feed(opened, { type: 'wanted_more' }, failed);
    expect(gaveUp.inbox.trouble).toEqual(trouble);
    expect(standingTrouble(gaveUp)).toBeNull();
  });

  test('is none where the server refused for good', () => {
    const refused = { ...failed, trouble: { ...trouble, status: 403 } };
    const asked = feed(opened, { type: 'lost', conversationId: null }, refused);
    expect(standingTrouble(asked)).toBeNull();
  });
});
