import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { stackForFile } from '../harness/in-file.ts';
import type { Person } from '../harness/people.ts';
import type { Recorder } from '../harness/recorder.ts';

const stack = await stackForFile();

/** What a page was told of pointers, by channel: whose, of what, and up to where. */
const pointersTold = (page: Recorder, channel: string): unknown[] =>
  page.raw
    .filter((each) => each.channel.startsWith(channel))
    .filter(({ data }) => data['type'] === 'read' || data['type'] === 'delivered')
    .map(({ data }) => [
      data['type'],
      data['userId'],
      data['lastReadSeq'] ?? data['lastDeliveredSeq'],
    ]);

async function said(who: Person, conversationId: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await who.rest.send(conversationId, { clientId: randomUUID(), content: `${n}` });
  }
}

/** A message that comes last: whatever was told before it is there once it is. */
async function untilSaid(who: Person, conversationId: string, ...pages: Recorder[]): Promise<void> {
  const clientId = randomUUID();
  await who.rest.send(conversationId, { clientId, content: 'the last word' });
  const isThere = (page: Recorder): boolean =>
    page.raw.some(({ data }) => data['type'] === 'new_message' && data['clientId'] === clientId);
  for (const page of pages) {
    await page.until(() => isThere(page), { timeoutMs: 5_000, what: 'the last word' });
  }
}

async function pageOf(person: Person, conversationId: string): Promise<Recorder> {
  const page = stack.record({ person, conversations: [conversationId], chat: true });
  await page.ready();
  return page;
}

describe('how far somebody has come', () => {
  it('reaches the other one of a direct conversation on both channels, and the own devices with what is left', async () => {
    const [ann, ben] = await stack.people.persons('Ann', 'Ben');
    const id = await stack.people.direct(ann!, ben!);
    await said(ann!, id, 3);
    const [theirs, own] = [await pageOf(ann!, id), await pageOf(ben!, id)];
    await ben!.rest.reportDelivered([{ conversationId: id, seq: 3 }]);
    await ben!.rest.markRead(id, 2);
    await untilSaid(ann!, id, theirs, own);

    const both = [
      ['delivered', ben!.id, 3],
      ['read', ben!.id, 2],
    ];
    expect(pointersTold(theirs, 'chat:')).toEqual(both);
    expect(pointersTold(theirs, 'conversation:')).toEqual(both);
    expect(pointersTold(own, 'chat:')).toEqual([['read', ben!.id, 2]]);
    const toOwn = own.raw.find(
      ({ channel, data }) => channel.startsWith('chat:') && data['type'] === 'read',
    );
    expect(toOwn!.data).toMatchObject({ unreadCount: 1, unreadFromSeq: null, lastSeq: 3 });
    expect([...theirs.malformed, ...own.malformed]).toEqual([]);
    expect((await ann!.rest.messages(id)).receipts).toEqual([
      { userId: ben!.id, lastReadSeq: 2, lastDeliveredSeq: 3 },
    ]);
  });

  it('is told in the conversation alone where more are in it, and a delivery not at all', async () => {
    const [ann, ben, cleo] = await stack.people.persons('Ann', 'Ben', 'Cleo');
    const id = await stack.people.group(ann!, ben!, cleo!);
    await said(ann!, id, 3);
    const page = await pageOf(cleo!, id);
    await ben!.rest.reportDelivered([{ conversationId: id, seq: 3 }]);
    await ben!.rest.markRead(id, 2);
    await untilSaid(ann!, id, page);
    expect(pointersTold(page, 'conversation:')).toEqual([['read', ben!.id, 2]]);
    expect(pointersTold(page, 'chat:')).toEqual([]);
    const message = (await ann!.rest.messages(id)).items[1]!;
    expect(await cleo!.rest.receipts(id, message.id, '?limit=1')).toMatchObject({
      readCount: 1,
      deliveredCount: 1,
      items: [{ profile: { id: ben!.id }, state: 'read' }],
      nextCursor: expect.any(String),
    });
  });

  it('and what is marked as unread stays between the user and their own devices', async () => {
    const [ann, ben] = await stack.people.persons('Ann', 'Ben');
    const id = await stack.people.direct(ann!, ben!);
    const [theirs, phone, laptop] = [
      await pageOf(ann!, id),
      await pageOf(ben!, id),
      await pageOf(ben!, id),
    ];
    await said(ann!, id, 4);
    await ben!.rest.markRead(id, 4);
    const marked = await ben!.rest.markUnread(id, 2);
    expect(marked.body).toMatchObject({ unreadCount: 3, unreadFromSeq: 2, lastReadSeq: 4 });
    await untilSaid(ann!, id, theirs, phone, laptop);
    for (const channel of ['conversation:', 'chat:']) {
      expect(pointersTold(theirs, channel)).toEqual([['read', ben!.id, 4]]);
    }
    for (const device of [phone, laptop]) {
      const told = device.raw.filter(({ data }) => 'unreadFromSeq' in data);
      expect(told.map(({ data }) => [data['unreadFromSeq'], data['unreadCount']])).toEqual([
        [null, 0],
        [2, 3],
      ]);
    }
    expect((await ben!.rest.unread()).byConversation).toEqual({ [id]: 4 });
  });

  it('from ten devices at once is in the end what the furthest of them said, for the others too', async () => {
    const [ann, ben] = await stack.people.persons('Ann', 'Ben');
    const id = await stack.people.direct(ann!, ben!);
    await said(ann!, id, 20);
    const page = await pageOf(ann!, id);
    await Promise.all(
      Array.from({ length: 10 }, async (_, device) => {
        for (let seq = 1 + device; seq <= 20; seq += 3) await ben!.rest.markRead(id, seq);
      }),
    );
    await untilSaid(ann!, id, page);
    const seqs = pointersTold(page, 'conversation:').map(
      (told) => (told as unknown[])[2] as number,
    );
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
    expect(seqs.at(-1)).toBe(20);
    expect(page.reloads).toEqual([]);
  });
});
