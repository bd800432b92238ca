import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { stackForFile } from '../harness/in-file.ts';
import { judge } from '../harness/verdict.ts';

const stack = await stackForFile();

describe('what is written over REST', () => {
  it('reaches whoever looks at the conversation and the list of everybody in it, in the contract’s shapes', async () => {
    const [ann, ben] = await stack.people.persons('Ann', 'Ben');
    const conversationId = await stack.people.direct(ann!, ben!);
    const page = stack.record({ person: ben!, conversations: [conversationId], chat: true });
    await page.ready();

    const sent = await ann!.rest.send(conversationId, {
      clientId: randomUUID(),
      content: 'Good morning',
    });
    expect(sent.status).toBe(201);
    await page.until(() => page.shown(conversationId).length === 1, {
      timeoutMs: 5_000,
      what: 'the message',
    });
    const listed = () => page.raw.filter(({ data }) => data['type'] === 'new_message');
    await page.until(() => listed().length === 1, {
      timeoutMs: 5_000,
      what: 'the summary for the list',
    });

    const event = page.raw.find(({ data }) => data['type'] === 'message');
    expect(event!.data).toMatchObject({ v: 1, ev: 1, message: sent.body });
    expect(listed()[0]!.data).toMatchObject({ conversationId, seq: 1, messageId: sent.body.id });
    expect(page.malformed).toEqual([]);
    expect(judge([sent.body], [page])).toEqual({
      lost: [],
      outOfOrder: [],
      shownTwice: [],
      rawDuplicates: 0,
    });
    expect(await ben!.rest.unread()).toEqual({ total: 1, byConversation: { [conversationId]: 1 } });
  });

  it('as another word, a reaction or a deletion reaches the same people, in the order of its number', async () => {
    const [ann, ben] = await stack.people.persons('Ann', 'Ben');
    const conversationId = await stack.people.direct(ann!, ben!);
    const page = stack.record({ person: ben!, conversations: [conversationId], chat: true });
    await page.ready();
    const sent = await ann!.rest.send(conversationId, {
      clientId: randomUUID(),
      content: 'Good mornign',
    });
    const edited = await ann!.rest.edit(sent.body, 'Good morning');
    const liked = await ben!.rest.react(sent.body, '👍');
    const deleted = await ann!.rest.deleteMessage(edited.body);

    const heard = (channel: string) =>
      page.raw.filter((one) => one.channel.startsWith(channel)).map(({ data }) => data);
    await page.until(
      () => heard('conversation:').length === 4 && heard('chat:').some(({ ev }) => ev === 4),
      { timeoutMs: 5_000, what: 'everything' },
    );
    const { reactions: _, ...likedByAll } = liked.body;
    expect(heard('conversation:')).toMatchObject([
      { type: 'message', ev: 1 },
      { type: 'message_updated', ev: 2, message: edited.body },
      { type: 'reaction', ev: 3, message: likedByAll, userId: ben!.id, emoji: '👍', added: true },
      { type: 'message_deleted', ev: 4, message: deleted.body, byUserId: ann!.id },
    ]);
    const told = heard('chat:').filter((data) => data['conversationId'] === conversationId);
    expect(told.filter(({ ev }) => Number(ev) > 0)).toMatchObject([
      { type: 'new_message', ev: 1 },
      { type: 'conversation_updated', ev: 2, lastMessage: { preview: 'Good morning' } },
      { type: 'conversation_updated', ev: 4, deletedSeq: 1, lastMessage: { preview: '' } },
    ]);
    expect(page.malformed).toEqual([]);
    expect(await ben!.rest.unread()).toEqual({ total: 0, byConversation: {} });
  });

  it('as presence reaches connections who are there: a change at once, and what it comes to after some seconds', async () => {
    const [ann, ben, cem] = await stack.people.persons('Ann', 'Ben', 'Cem');
    await ann!.rest.connect(ben!.id);
    await Promise.all([ben!.rest.beat('tab', 'active'), cem!.rest.beat('tab', 'active')]);
    const friend = stack.record({ person: ben!, chat: true });
    const stranger = stack.record({ person: cem!, chat: true });
    await Promise.all([friend.ready(), stranger.ready()]);

    const heard = () =>
      friend.presence.map(({ userId, status, version }) => [userId, status, version]);
    await ann!.rest.beat('tab', 'active');
    await friend.until(() => heard().length === 1, { timeoutMs: 3_000, what: 'the first change' });
    for (const state of ['active', 'idle', 'active', 'idle'] as const)
      await ann!.rest.beat('tab', state);
    await friend.until(() => heard().length > 1, { timeoutMs: 10_000, what: 'the last change' });
    expect(heard()).toEqual([
      [ann!.id, 'online', 1],
      [ann!.id, 'away', 4],
    ]);
    expect(stranger.raw).toEqual([]);
  }, 20_000);
});
