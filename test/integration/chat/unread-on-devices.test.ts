import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { markRead } from '../../../core/chat/mark-read.ts';
import { markUnread } from '../../../core/chat/mark-unread.ts';
import { unread } from '../../../core/chat/unread.ts';
import type { Sql } from '../../../core/db/database.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

type Told =
  | { type: 'read'; unreadCount: number; lastSeq: number }
  | { type: 'new_message'; seq: number; senderId: string };

/** What a user's own channel brings of a conversation, in the order in which it is delivered. */
async function toldTo(userId: string, conversationId: string): Promise<Told[]> {
  const rows = await sql`
    SELECT audience_payload::jsonb AS told FROM outbox
    WHERE conversation_id = ${conversationId}
      AND (audience = 'members' OR (audience = 'subject' AND subject = ${userId})) AND kind = 'event'
    ORDER BY id`;
  const told = rows.map((row) => row['told'] as Told);
  return told.filter(({ type }) => type === 'read' || type === 'new_message');
}

/**
 * What a device shows: the count that it was told last, and on top what others said behind the message up to which that
 * counted; since one's own last word, only what came behind it.
 */
function shownOn(userId: string, told: readonly Told[]): number {
  const base = told.findLast(({ type }) => type === 'read');
  const counted = base?.type === 'read' ? base : { unreadCount: 0, lastSeq: 0 };
  const later = told
    .filter((each) => each.type === 'new_message')
    .filter(({ seq }) => seq > counted.lastSeq);
  const own = Math.max(0, ...later.filter((m) => m.senderId === userId).map(({ seq }) => seq));
  const others = later.filter(({ seq, senderId }) => senderId !== userId && seq > own);
  return (own > 0 ? 0 : counted.unreadCount) + others.length;
}

/** The same where only the order of arrival counts. */
function shownInOrder(userId: string, told: readonly Told[]): number {
  return told.reduce((count, each) => {
    if (each.type === 'read') return each.unreadCount;
    return each.senderId === userId ? 0 : count + 1;
  }, 0);
}

const seq = fc.nat({ max: 15 });
const call = fc.oneof(
  fc.record({ does: fc.constant('others say' as const) }),
  fc.record({ does: fc.constant('says' as const) }),
  fc.record({ does: fc.constant('reads' as const), seq }),
  fc.record({ does: fc.constant('marks' as const), seq: fc.option(seq) }),
);

test('two devices that do things at once show in the end what the server counts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(call, { minLength: 1, maxLength: 5 }), { maxLength: 8, size: 'max' }),
      async (rounds) => {
        const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
        const conversationId = await group(sql, ann, ben);
        const own = { conversationId, userId: ben };
        for (const atOnce of rounds) {
          await Promise.all(
            atOnce.map((each): Promise<unknown> => {
              if (each.does === 'others say') return say(sql, { conversationId, senderId: ann });
              if (each.does === 'says') return say(sql, { conversationId, senderId: ben });
              if (each.does === 'reads') return markRead(sql, { ...own, seq: each.seq });
              return markUnread(sql, { ...own, fromSeq: each.seq });
            }),
          );
        }
        const told = await toldTo(ben, conversationId);
        expect(shownOn(ben, told)).toBe((await unread(sql, ben)).total);
        await sql`DELETE FROM outbox`;
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('a message that is being said while somebody reads is on top of the count, which a device that goes by arrival misses', async () => {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, ann, ben);
  await say(sql, { conversationId, senderId: ann });
  await sql.begin(async (saying) => {
    await say(saying as unknown as Sql, { conversationId, senderId: ann });
    await markRead(sql, { conversationId, userId: ben, seq: 1 });
  });
  const told = await toldTo(ben, conversationId);
  expect(told.map(({ type }) => type)).toEqual(['new_message', 'new_message', 'read']);
  expect((await unread(sql, ben)).total).toBe(1);
  expect(shownOn(ben, told)).toBe(1);
  expect(shownInOrder(ben, told)).toBe(0);
});
