import type { Message } from '@rov/realtime';
import { beforeAll, describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { deleteMessage } from '../../../core/chat/delete-message.ts';
import { editMessage } from '../../../core/chat/edit-message.ts';
import { listMessages } from '../../../core/chat/list-messages.ts';
import type { MessagesAsked } from '../../../core/chat/list-messages.ts';
import { react } from '../../../core/chat/react.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { eventsBehind, lastEv, said, saidMany } from './messages-in-sql.ts';
import { group, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

type Way = Omit<MessagesAsked, 'conversationId' | 'userId'>;

/** What a page has to be, counted in the plainest way: the readable ones, and a cut. */
function expected(readable: number[], { before, after, around, limit }: Way) {
  const cut = (): number[] => {
    if (before !== undefined) return readable.filter((seq) => seq < before).slice(-limit);
    if (after !== undefined) return readable.filter((seq) => seq > after).slice(0, limit);
    if (around === undefined) return readable.slice(-limit);
    const older = Math.ceil((limit - 1) / 2);
    const lower = readable.filter((seq) => seq < around);
    return [
      ...lower.slice(Math.max(0, lower.length - older)),
      ...readable.filter((seq) => seq >= around).slice(0, limit - older),
    ];
  };
  const seqs = cut();
  // Next to an empty page is whatever lies on the other side of the place that was asked for.
  const isNewer = (seq: number) => (seqs.length > 0 ? seq > seqs.at(-1)! : before !== undefined);
  const isOlder = (seq: number) =>
    seqs.length > 0 ? seq < seqs[0]! : (after ?? around) !== undefined;
  return { seqs, hasOlder: readable.some(isOlder), hasNewer: readable.some(isNewer) };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

/** Every way to ask for a page of some places, with limits from one to more than there is. */
function ways(places: number[]): Way[] {
  return [1, 2, 3, 4, 100].flatMap((limit) => [
    { limit },
    ...places.flatMap((place) => [
      { limit, after: place },
      ...(place > 0
        ? [
            { limit, before: place },
            { limit, around: place },
          ]
        : []),
    ]),
  ]);
}

describe('a page', () => {
  const talk = { conversationId: '', early: '', late: '', last: '' };
  beforeAll(async () => {
    const [ann = '', late = '', last = ''] = await users(sql, 'ann', 'late', 'last');
    const conversationId = await group(sql, ann);
    await saidMany(sql, { conversationId, senderId: ann, count: 3 });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [late] });
    const messages = await saidMany(sql, { conversationId, senderId: ann, count: 4 });
    // A tombstone keeps its place, in pages as well.
    await deleteMessage(sql, { conversationId, messageId: messages[1]!.id, actorId: ann });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [last] });
    Object.assign(talk, { conversationId, early: ann, late, last });
  });

  // The fourth and the last one tell of who was added, who reads them too.
  it.each([
    ['who was there from the first message', 'early', range(1, 9)],
    ['who joined before the fourth', 'late', range(4, 9)],
    ['who joined after the last one', 'last', [9]],
  ] as const)(
    'of somebody %s has the messages next to any place, and says whether there are more on either side',
    async (_who, userId, readable) => {
      for (const way of ways(range(0, 11))) {
        const asked = { conversationId: talk.conversationId, userId: talk[userId], ...way };
        const page = (await listMessages(sql, asked))!;
        const { items, hasOlder, hasNewer, lastSeq } = page;
        const is = { way, seqs: items.map(({ seq }) => seq), hasOlder, hasNewer, lastSeq };
        expect(is).toEqual({ way, ...expected([...readable], way), lastSeq: 9 });
      }
    },
  );

  it('is for members alone', async () => {
    const [stranger = ''] = await users(sql, 'stranger');
    for (const way of ways([3])) {
      const asked = { conversationId: talk.conversationId, userId: stranger, ...way };
      expect(await listMessages(sql, asked)).toBeNull();
    }
  });
});

/** Everything that happened since, page after page as a client reads it. */
async function changesSince(
  asked: { conversationId: string; userId: string; changedSince: number },
  limit: number,
): Promise<{ items: Message[]; pages: number }> {
  const items: Message[] = [];
  let changedSince = asked.changedSince;
  for (let pages = 1; ; pages += 1) {
    const page = (await listMessages(sql, { ...asked, changedSince, limit }))!;
    expect(page.hasOlder).toBe(false);
    items.push(...page.items);
    if (!page.hasNewer) return { items, pages };
    changedSince = page.items.at(-1)!.ev!;
  }
}

/** Seven messages to which something of every kind happened. */
async function eventful() {
  const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
  const conversationId = await group(sql, ann, ben, cem);
  const messages = await saidMany(sql, { conversationId, senderId: ann, count: 7 });
  const at = (place: number) => ({ conversationId, messageId: messages[place - 1]!.id });
  const edit = (place: number, revision: number, content: string) =>
    editMessage(sql, { ...at(place), editorId: ann, revision, content });
  const choose = (place: number, userId: string, added = true) =>
    react(sql, { ...at(place), userId, emoji: '👍', added });
  await edit(2, 1, 'second');
  await choose(5, ben);
  await deleteMessage(sql, { ...at(3), actorId: ann });
  await choose(1, cem);
  await removeMember(sql, { conversationId, actorId: ann, userId: cem });
  await edit(2, 2, 'second again');
  await choose(5, ben, false);
  await said(sql, { conversationId, senderId: ben });
  return { ann, ben, cem, conversationId, ev: await lastEv(sql, conversationId), choose };
}

describe('what changed since an event', () => {
  it('is each message once, as it is now, in the order of the last thing that happened to it', async () => {
    const { ann, conversationId, ev } = await eventful();
    const { items } = await changesSince({ conversationId, userId: ann, changedSince: 7 }, 100);
    expect(items.map(({ seq, ev }) => [seq, ev])).toEqual([
      [3, 10],
      [1, 11],
      [8, 13],
      [2, 14],
      [5, 15],
      [9, 16],
    ]);
    expect(items).toMatchObject([
      { content: '', revision: 2, reactions: [] },
      { reactions: [{ emoji: '👍', count: 1, mine: false }] },
      { type: 'system', metadata: { kind: 'member_removed' } },
      { content: 'second again', revision: 3 },
      { reactions: [], revision: 1 },
      { editedAt: null, deletedAt: null },
    ]);
    expect(ev).toBe(16);
  });

  it('is the same page by page as all at once, from every event on', async () => {
    const { ben, conversationId, ev } = await eventful();
    for (const changedSince of range(0, ev + 1)) {
      const asked = { conversationId, userId: ben, changedSince };
      const whole = await changesSince(asked, 100);
      expect(whole.pages).toBe(1);
      for (const limit of [1, 2, 3]) {
        const paged = await changesSince(asked, limit);
        expect(paged.items).toEqual(whole.items);
        expect(paged.pages).toBe(Math.max(1, Math.ceil(whole.items.length / limit)));
      }
    }
  });

  it('together with what was held before is what a fresh page shows', async () => {
    const { ben, conversationId, ev } = await eventful();
    const read = (way: Way) => listMessages(sql, { conversationId, userId: ben, ...way });
    const fresh = (await read({ limit: 100 }))!.items;
    const everything = (await read({ limit: 100, changedSince: 0 }))!.items;
    expect(everything.toSorted((one, other) => one.seq - other.seq)).toEqual(fresh);
    expect(await read({ limit: 100, changedSince: ev })).toMatchObject({
      items: [],
      hasNewer: false,
      ev,
    });
  });

  it('names for every event of a message a state at least as new', async () => {
    const { ben, conversationId } = await eventful();
    const events = await eventsBehind(sql, conversationId, 0);
    for (const { ev, said } of events) {
      if (said === null || !('message' in said) || said.message === undefined) continue;
      const { items } = await changesSince(
        { conversationId, userId: ben, changedSince: ev - 1 },
        100,
      );
      const known = items.find(({ id }) => id === said.message!.id);
      expect(known!.ev).toBeGreaterThanOrEqual(said.message.ev!);
    }
  });

  it('tells a newcomer nothing of what was said before, whatever happens to it', async () => {
    const { ann, ben, conversationId, choose } = await eventful();
    const [dan = ''] = await users(sql, 'dan');
    await addMembers(sql, { conversationId, actorId: ann, userIds: [dan] });
    await choose(4, ben);
    await choose(5, ann);
    const later = await said(sql, { conversationId, senderId: ann });
    for (const limit of [1, 100]) {
      const { items } = await changesSince({ conversationId, userId: dan, changedSince: 0 }, limit);
      expect(items.map(({ type }) => type)).toEqual(['system', 'text']);
      expect(items[1]!.id).toBe(later.id);
    }
  });
});
