import { randomUUID } from 'node:crypto';

import type { Message } from '@rov/realtime';
import type { ChatClient } from '@rov/realtime/client';
import { conversationOf, totalUnread, typersOf } from '@rov/realtime/client';
import { describe, expect, it, vi } from 'vitest';

import { resync } from '../../../core/ops/resync.ts';
import { chatOf, isWhole, untilTrue } from '../../harness/chat-clients.ts';
import { stackForFile } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import { until } from '../../harness/until.ts';

const stack = await stackForFile();
const { people } = stack;

const SOON = { timeoutMs: 15_000 };
const say = (person: Person, conversationId: string, content: string) =>
  person.rest.send(conversationId, { clientId: randomUUID(), content });

/** Ann's client with the conversation open and everything loaded. */
async function looking(ann: Person, conversationId: string): Promise<ChatClient> {
  const client = chatOf(stack, ann);
  client.open(conversationId);
  await until(
    () => isWhole(client) && client.getState().rooms[conversationId]?.transcript.epoch !== null,
    { ...SOON, what: 'a client that has everything' },
  );
  return client;
}

describe('a client that lived through it shows the same as one that begins afterwards', () => {
  it('when others say something and read', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    await say(ben, conversationId, 'before');
    const client = await looking(ann, conversationId);
    await say(ben, conversationId, 'after');
    const shown = await untilTrue(stack, { client, person: ann, conversationId });
    expect(shown.messages.map(({ content }) => content)).toEqual(['before', 'after']);
    expect(totalUnread(client.getState())).toBe(2);

    await ann.rest.markRead(conversationId, 2);
    await ben.rest.markRead(conversationId, 2);
    const read = await untilTrue(stack, { client, person: ann, conversationId });
    expect(read.row).toMatchObject({ lastReadSeq: 2, unreadCount: 0 });
  });

  it('when the user sends from here and from another device', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    const client = await looking(ann, conversationId);
    for (const text of ['one', 'two', 'three']) client.send(conversationId, text);
    await say(ann, conversationId, 'from the other device');
    await until(() => client.getState().rooms[conversationId]?.pending.length === 0, {
      ...{ ...SOON, what: 'sends that arrived' },
    });
    const shown = await untilTrue(stack, { client, person: ann, conversationId });
    const own = shown.messages.map(({ content }) => content).filter((it) => it.length < 6);
    expect(own).toEqual(['one', 'two', 'three']);
    expect(shown.messages).toHaveLength(4);
  });

  it('when a conversation is opened, made, joined and left', async () => {
    const [ann, ben, cleo] = (await people.persons('Ann', 'Ben', 'Cleo')) as [
      ...[Person, Person, Person],
    ];
    const client = chatOf(stack, cleo);
    await until(() => isWhole(client), { ...SOON, what: 'a client that has everything' });
    const direct = await people.direct(ann, cleo);
    const group = await people.group(ann, ben);
    await say(ann, group, 'before Cleo came');
    await ann.rest.addMembers(group, [cleo.id]);
    await until(() => conversationOf(client.getState(), group) !== undefined, {
      ...{ ...SOON, what: 'the group in the list' },
    });
    client.open(group);
    client.open(direct);
    await say(ben, group, 'with Cleo');
    await untilTrue(stack, { client, person: cleo, conversationId: direct });
    const shown = await untilTrue(stack, { client, person: cleo, conversationId: group });
    expect(shown.messages.map(({ content }) => content)).toContain('with Cleo');
    expect(shown.messages.map(({ content }) => content)).not.toContain('before Cleo came');

    await ann.rest.removeMember(group, ben.id);
    await untilTrue(stack, { client, person: cleo, conversationId: group });
    await ann.rest.removeMember(group, cleo.id);
    await until(() => conversationOf(client.getState(), group) === undefined, {
      ...{ ...SOON, what: 'the group out of the list' },
    });
    expect(client.getState().rooms[group]).toBeUndefined();

    // Whoever still looks when they are let in again sees what they may see then.
    await ann.rest.addMembers(group, [cleo.id]);
    await say(ann, group, 'welcome back');
    const back = await untilTrue(stack, { client, person: cleo, conversationId: group });
    expect(back.messages.map(({ content }) => content)).toContain('welcome back');
    expect(back.messages.map(({ content }) => content)).not.toContain('with Cleo');
  });

  it('when the connection was away for a while', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    const client = await looking(ann, conversationId);
    client.stop();
    for (let n = 0; n < 5; n += 1) await say(ben, conversationId, `while away ${n}`);
    client.start();
    const shown = await untilTrue(stack, { client, person: ann, conversationId });
    expect(shown.messages).toHaveLength(5);
  });

  it('when messages are edited, deleted and reacted to, here and elsewhere', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    const sent = [];
    for (let n = 0; n < 4; n += 1) sent.push((await say(ben, conversationId, `message ${n}`)).body);
    const own = (await say(ann, conversationId, 'of my own')).body;
    const client = await looking(ann, conversationId);
    const [first, second, third, last] = sent as [...[Message, Message, Message, Message]];
    await ben.rest.edit(first, 'other words');
    await ben.rest.react(second, '👍');
    await client.react(second, '👍', true);
    await client.react(second, '🎉', true);
    await client.edit(own, 'in other words of my own');
    await ben.rest.deleteMessage(third);
    await ben.rest.deleteMessage(last);
    const shown = await untilTrue(stack, { client, person: ann, conversationId });
    expect(shown.messages.map(({ content }) => content)).toEqual([
      ...['other words', 'message 1', '', '', 'in other words of my own'],
    ]);
    expect(shown.messages[1]?.reactions).toMatchObject([
      { emoji: '👍', count: 2, mine: true },
      { emoji: '🎉', count: 1, mine: true },
    ]);
    await ben.rest.unreact(second, '👍');
    await client.remove(shown.messages[4]!);
    await untilTrue(stack, { client, person: ann, conversationId });
  });

  it('without reading anything again, where events say it all', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    const first = (await say(ben, conversationId, 'first')).body;
    const client = await looking(ann, conversationId);
    // What Ann has heard by this channel shows that she listens.
    await say(ben, conversationId, 'second');
    const held = () => client.getState().rooms[conversationId]?.transcript;
    await until(() => held()?.heldTo === 2 && isWhole(client), { ...SOON, what: 'a message' });

    using asked = vi.spyOn(globalThis, 'fetch');
    const third = (await say(ben, conversationId, 'third')).body;
    await ben.rest.edit(first, 'other words');
    await ben.rest.react(first, '👍');
    await ben.rest.deleteMessage(third);
    await ben.rest.markRead(conversationId, 3);
    const pointer = () => client.getState().rooms[conversationId]?.receipts[ben.id]?.lastReadSeq;
    await until(() => held()?.ev === 6 && pointer() === 3, { ...SOON, what: 'six events' });
    const reads = asked.mock.calls.filter(
      ([url, how]) =>
        how?.method === 'GET' && typeof url === 'string' && /conversations|sync/.test(url),
    );
    expect(reads).toEqual([]);
    const shown = await untilTrue(stack, { client, person: ann, conversationId });
    expect(shown.messages.map(({ content }) => content)).toEqual(['other words', 'second', '']);
  });

  it('when a group gets another name, picture and owners', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const group = await people.group(ann, ben);
    const client = await looking(ben, group);
    await ann.rest.updateConversation(group, { title: 'Another name' });
    await ann.rest.updateConversation(group, { image: 'https://example.org/picture.png' });
    const renamed = await untilTrue(stack, { client, person: ben, conversationId: group });
    expect(renamed.row).toMatchObject({ title: 'Another name', unreadCount: 0 });
    await ann.rest.changeRole(group, ben.id, 'owner');
    await ben.rest.changeRole(group, ann.id, 'member');
    const changed = await untilTrue(stack, { client, person: ben, conversationId: group });
    expect(changed.row?.role).toBe('owner');
    expect(client.getState().rooms[group]?.members).toMatchObject({ [ann.id]: { role: 'member' } });
  });

  it('when an operator asks everybody to read again', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    for (let n = 0; n < 3; n += 1) await say(ben, conversationId, `message ${n}`);
    const client = await looking(ann, conversationId);
    const deed = { operator: 'olga', reason: 'to be sure' };
    const target = { conversationId, fromSeq: 2 };
    await resync(stack.database.sql, { target, deed, ring: () => undefined });
    await until(() => client.getState().rooms[conversationId]?.transcript.ev === 4, {
      ...{ ...SOON, what: 'the resync' },
    });
    const shown = await untilTrue(stack, { client, person: ann, conversationId });
    expect(shown.messages).toHaveLength(3);
  });

  it('when a message changes that somebody in the conversation may not read', async () => {
    const [ann, ben, cleo] = (await people.persons('Ann', 'Ben', 'Cleo')) as [
      ...[Person, Person, Person],
    ];
    const group = await people.group(ann, ben);
    const said = (await say(ben, group, 'before Cleo came')).body;
    await ann.rest.addMembers(group, [cleo.id]);
    const client = await looking(ann, group);
    await ben.rest.edit(said, 'not for Cleo');
    const shown = await untilTrue(stack, { client, person: ann, conversationId: group });
    expect(shown.messages.map(({ content }) => content)).toContain('not for Cleo');
  });

  it('when the user marks it as unread, and when others read', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    for (let n = 0; n < 3; n += 1) await say(ben, conversationId, `message ${n}`);
    const client = await looking(ann, conversationId);
    client.markRead(conversationId, 3);
    await untilTrue(stack, { client, person: ann, conversationId });
    await ann.rest.markUnread(conversationId, 2);
    const marked = await untilTrue(stack, { client, person: ann, conversationId });
    expect(marked.row).toMatchObject({ unreadCount: 2, unreadFromSeq: 2 });
    await say(ben, conversationId, 'one more');
    await ann.rest.markUnread(conversationId, null);
    await untilTrue(stack, { client, person: ann, conversationId });
    client.markRead(conversationId, 4);
    await untilTrue(stack, { client, person: ann, conversationId });

    client.send(conversationId, 'have you read this?');
    await until(() => client.getState().rooms[conversationId]?.transcript.heldTo === 5, {
      ...{ ...SOON, what: 'the send' },
    });
    await ben.rest.markRead(conversationId, 5);
    const read = await untilTrue(stack, { client, person: ann, conversationId });
    expect(read.receipts).toEqual({ [ben.id]: { lastReadSeq: 5, lastDeliveredSeq: 5 } });
  });
});

describe('a client tells others', () => {
  it('that its user writes, until the message is there, and that they look', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    const annSees = await looking(ann, conversationId);
    const room = () => annSees.getState().rooms[conversationId];
    // Who looks is told to those who listen at that moment: what Ann has heard by this channel shows that she does.
    await say(ben, conversationId, 'are you there?');
    await until(() => room()?.transcript.items.length === 1, { ...SOON, what: 'a message' });
    const benWrites = await looking(ben, conversationId);
    await until(() => ben.id in (room()?.viewing ?? {}), { ...SOON, what: 'Ben, who looks' });
    benWrites.typing(conversationId);
    await until(() => typersOf(annSees.getState(), conversationId).includes(ben.id), {
      ...{ ...SOON, what: 'Ben, who writes' },
    });
    benWrites.send(conversationId, 'here it is');
    await until(() => room()?.transcript.items.length === 2, { ...SOON, what: 'the message' });
    expect(typersOf(annSees.getState(), conversationId)).toEqual([]);
  });
});

describe('a client tells the server', () => {
  it('what has reached it, without being asked', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    const sender = await looking(ben, conversationId);
    sender.send(conversationId, 'has this reached you?');
    await until(() => sender.getState().rooms[conversationId]?.pending.length === 0, {
      ...{ ...SOON, what: 'the send' },
    });
    chatOf(stack, ann);
    await until(
      () => sender.getState().rooms[conversationId]?.receipts[ann.id]?.lastDeliveredSeq === 1,
      { ...SOON, what: 'the receipt' },
    );
    expect(sender.getState().rooms[conversationId]?.receipts[ann.id]?.lastReadSeq).toBe(0);
  });

  it('how far its user has read, and the list shows it at once', async () => {
    const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
    const conversationId = await people.direct(ann, ben);
    for (let n = 0; n < 3; n += 1) await say(ben, conversationId, `message ${n}`);
    const client = await looking(ann, conversationId);
    client.markRead(conversationId, 3);
    expect(conversationOf(client.getState(), conversationId)?.unreadCount).toBe(0);
    await until(async () => (await ann.rest.unread()).total === 0, {
      ...{ ...SOON, what: 'the pointer at the server' },
    });
  });
});
