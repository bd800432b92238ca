import type { LastMessage, Message } from '@rov/realtime';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { deleteMessage } from '../../../core/chat/delete-message.ts';
import { editMessage } from '../../../core/chat/edit-message.ts';
import { listConversations } from '../../../core/chat/list-conversations.ts';
import { listMessages } from '../../../core/chat/list-messages.ts';
import { react } from '../../../core/chat/react.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { eventsBehind } from './messages-in-sql.ts';
import type { Told } from './messages-in-sql.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

const who = fc.nat({ max: 2 });
const which = fc.nat({ max: 5 });
const deed = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('says' as const), who }) },
  fc.record({ does: fc.constant('edits' as const), which, content: fc.constantFrom('a', 'b') }),
  fc.record({ does: fc.constant('deletes' as const), which, who }),
  fc.record({
    does: fc.constant('reacts' as const),
    which,
    who,
    emoji: fc.constantFrom('👍', '🎉'),
    added: fc.boolean(),
  }),
  // The third comes and goes, and may not read what was said before.
  fc.record({ does: fc.constant('moves' as const) }),
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

async function perform(one: Deed, conversationId: string, people: string[]): Promise<unknown> {
  if (one.does === 'says') {
    return say(sql, { conversationId, senderId: people[one.who]!, content: 'said' });
  }
  const guest = people[2]!;
  if (one.does === 'moves') {
    const gone = await removeMember(sql, { conversationId, actorId: guest, userId: guest });
    if (gone.outcome === 'removed') return gone;
    return addMembers(sql, { conversationId, actorId: people[0]!, userIds: [guest] });
  }
  const [row] = await sql`
    SELECT id, sender_id, revision FROM messages
    WHERE conversation_id = ${conversationId} AND seq = ${one.which + 1}`;
  if (!row) return undefined;
  const at = { conversationId, messageId: row['id'] as string };
  if (one.does === 'edits') {
    const seen = { editorId: row['sender_id'] as string, revision: row['revision'] as number };
    return editMessage(sql, { ...at, ...seen, content: one.content });
  }
  const userId = people[one.who]!;
  return one.does === 'deletes'
    ? deleteMessage(sql, { ...at, actorId: userId })
    : react(sql, { ...at, userId, emoji: one.emoji, added: one.added });
}

/** As an event has it, which is the same for everybody. */
const forAll = (message: Message): Message => ({
  ...message,
  reactions: message.reactions!.map(({ emoji, count, userIds }) => ({ emoji, count, userIds })),
});

/** What a member holds who looks at the conversation from its first event on and takes every event as it comes. */
async function heardBy(userId: string, conversationId: string, events: readonly Told[]) {
  const messages = new Map<string, Message>();
  let asked = 0;
  for (const { ev, said } of events) {
    if (!said || !('message' in said || 'messageId' in said)) continue;
    if (said.message) messages.set(said.message.id, said.message);
    else {
      // Told without its words: whoever may read it asks.
      asked += 1;
      const changes = { conversationId, userId, changedSince: ev - 1, limit: 100 };
      for (const one of (await listMessages(sql, changes))!.items)
        messages.set(one.id, forAll(one));
    }
  }
  return { messages: [...messages.values()].toSorted((one, other) => one.seq - other.seq), asked };
}

/** The last line of a list that takes every event of its user's own channel as it comes; `stale` where it has to ask. */
function lastLineOf(events: readonly Told[]): Partial<LastMessage> | 'stale' | null {
  let line: Partial<LastMessage> | 'stale' | null = null;
  for (const { said, told } of events) {
    if (told?.type === 'new_message') {
      const { messageId: id, seq, senderId, preview } = told;
      line = { id, seq, senderId, preview };
    } else if (told?.type === 'conversation_updated' && said?.type.startsWith('message_')) {
      const isLast =
        line === 'stale' ||
        line === null ||
        told.deletedSeq === undefined ||
        told.deletedSeq === line.seq;
      if (told.lastMessage) line = told.lastMessage;
      else if (isLast) line = 'stale';
    }
  }
  return line;
}

test('whoever takes every event as it comes shows what somebody reads who begins now', async () => {
  let told = 0;
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 8, maxLength: 40, size: 'max' }),
      async (deeds) => {
        const people = await users(sql, 'ann', 'ben', 'guest');
        const [ann = '', ben = ''] = people;
        const conversationId = await group(sql, ann, ben);
        for (const one of deeds) await perform(one, conversationId, people);

        const events = await eventsBehind(sql, conversationId, 0);
        const heard = await heardBy(ben, conversationId, events);
        const fresh = await listMessages(sql, { conversationId, userId: ben, limit: 100 });
        expect(heard.messages).toEqual(fresh!.items.map(forAll));
        expect(events.map(({ ev }) => ev).at(-1) ?? 0).toBe(fresh!.ev);

        const line = lastLineOf(events);
        const [row] = await listConversations(sql, { userId: ben, conversationId, limit: 1 });
        const { lastMessage } = row!.conversation;
        const expected = line === 'stale' ? lastMessage : line && { ...lastMessage, ...line };
        expect(lastMessage).toEqual(expected);
        told += events.length;
        asked += heard.asked;
      },
    ),
    { numRuns: 60 },
  );
  console.log(`${told} events, of which ${asked} had to be asked about`);
  expect(asked).toBeGreaterThan(0);
}, 60_000);
