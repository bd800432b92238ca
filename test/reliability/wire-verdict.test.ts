import { chatChannel, conversationChannel } from '@rov/realtime';
import { expect, it } from 'vitest';

import { judgeWire } from './wire-verdict.ts';
import type { WireWitness } from './wire-verdict.ts';

const sends = [1, 2, 3].map((seq) => ({ conversationId: 'talk', clientId: `m${seq}`, seq }));

const onConversation = (n: number) => ({
  channel: conversationChannel('talk'),
  data: {
    type: 'message',
    eventId: `e${n}`,
    conversationId: 'talk',
    ev: n,
    message: { clientId: `m${n}` },
  },
});
const onChat = (n: number) => ({
  channel: chatChannel('ann'),
  data: { type: 'new_message', eventId: `e${n}`, conversationId: 'talk', ev: n, clientId: `m${n}` },
});
/** What a user has read has no number of its conversation. */
const read = {
  channel: chatChannel('ann'),
  data: { type: 'read', eventId: 'r1', conversationId: 'talk' },
};
const witness = (...raw: WireWitness['raw'][number][]): WireWitness => ({
  name: 'Ann',
  person: { id: 'ann' },
  conversations: ['talk'],
  raw,
});
const everything = [1, 2, 3].flatMap((n) => [onConversation(n), onChat(n)]);

it('finds nothing where everything came once and in order on both channels', () => {
  expect(judgeWire(sends, [witness(...everything, read)])).toEqual({
    unheard: [],
    outOfOrder: [],
    duplicates: 0,
  });
});

it('catches an event that did not come on one of the channels', () => {
  const without = (gone: unknown) => witness(...everything.filter((one) => one !== gone));
  expect(judgeWire(sends, [without(everything[2])]).unheard).toEqual([
    'Ann: m2 on conversation:talk',
  ]);
  expect(judgeWire(sends, [without(everything[3])]).unheard).toEqual(['Ann: m2 on chat:ann']);
});

it('catches an event that came behind a later one, on either channel', () => {
  const [c1, h1, c2, h2, c3, h3] = everything;
  expect(judgeWire(sends, [witness(c2!, c1!, c3!, h1!, h2!, h3!)]).outOfOrder).toEqual([
    'Ann: ev 1 behind 2 on conversation:talk',
  ]);
  expect(judgeWire(sends, [witness(c1!, c2!, c3!, h1!, h3!, h2!)]).outOfOrder).toEqual([
    'Ann: ev 2 behind 3 on chat:ann',
  ]);
});

it('counts what came again, and takes it for no disorder', () => {
  expect(
    judgeWire(sends, [witness(...everything, onChat(1), onChat(1), read, read)]),
  ).toMatchObject({
    outOfOrder: [],
    duplicates: 3,
  });
});
