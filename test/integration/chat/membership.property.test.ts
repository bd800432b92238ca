import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { listMembers } from '../../../core/chat/list-members.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { readPage } from '../../../core/outbox/read-page.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();
const bounds = { rows: 1_000, bytes: 10_000_000, listeners: 100_000 };

const PEOPLE = ['ann', 'ben', 'cem', 'dan', 'eve'];
const who = fc.nat({ max: PEOPLE.length - 1 });
const deed = fc.oneof(
  fc.record({ does: fc.constant('says' as const), actor: who }),
  fc.record({
    does: fc.constant('adds' as const),
    actor: who,
    whom: fc.uniqueArray(who, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ does: fc.constant('removes' as const), actor: who, whom: who }),
  fc.record({ does: fc.constant('leaves' as const), actor: who }),
);

/** Whom an event is for, by its number and its kind of audience. */
type Expected = { ev: number; audience: string[] };

/** What membership means, told once more without tables: who is there, and who heard what. */
function reference(founders: readonly string[]) {
  let present = new Set(founders);
  let ev = 0;
  const heard: Expected[] = [{ ev, audience: founders.toSorted() }];
  const announce = (...audiences: Iterable<string>[]): void => {
    for (const audience of audiences) heard.push({ ev, audience: [...audience].toSorted() });
  };
  const said = (): void => {
    ev += 1;
    announce(present);
  };
  return {
    heard,
    present: () => [...present].toSorted(),
    said,
    /** Newcomers are told apart, and hear of their own joining with the others; one message tells of all of them. */
    joined(...users: string[]): void {
      for (const user of users) {
        ev += 1;
        present = new Set([...present, user]);
        announce([user], present);
      }
      if (users.length > 0) said();
    },
    /** Whoever leaves is told apart, and no longer hears of it with the others. */
    left(user: string): void {
      ev += 1;
      present = new Set([...present].filter((each) => each !== user));
      announce(present, [user]);
      said();
    },
  };
}

async function audiencesIn(conversationId: string): Promise<Expected[]> {
  const [row] = await sql`SELECT shard FROM conversations WHERE id = ${conversationId}`;
  const { rows } = await readPage(sql, { shard: row!['shard'] as number, bounds });
  return rows
    .filter((each) => each.conversationId === conversationId && each.audience !== null)
    .map((each) => ({ ev: each.ev!, audience: each.audience!.toSorted() }));
}

test('whoever comes, goes and comes back: each event is for those who were there at its number, and all are counted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: PEOPLE.length }),
      fc.array(deed, { maxLength: 16, size: 'max' }),
      async (founders, deeds) => {
        const ids = await users(sql, ...PEOPLE);
        const [founder = '', ...invited] = ids.slice(0, founders);
        const conversationId = await group(sql, founder, ...invited);
        const expected = reference([founder, ...invited]);
        for (const each of deeds) {
          const actorId = ids[each.actor]!;
          if (each.does === 'says') {
            const { outcome } = await say(sql, { conversationId, senderId: actorId });
            if (outcome === 'created') expected.said();
          } else if (each.does === 'adds') {
            const userIds = each.whom.map((place) => ids[place]!);
            const answer = await addMembers(sql, { conversationId, actorId, userIds });
            if (answer.outcome === 'added') expected.joined(...answer.added);
          } else {
            const userId = each.does === 'leaves' ? actorId : ids[each.whom]!;
            const { outcome } = await removeMember(sql, { conversationId, actorId, userId });
            if (outcome === 'removed') expected.left(userId);
          }
        }
        expect(await audiencesIn(conversationId)).toEqual(expected.heard);

        const present = expected.present();
        const [count] = await sql`
          SELECT member_count AS count FROM conversations WHERE id = ${conversationId}`;
        expect(count).toEqual({ count: present.length });
        const asked = { conversationId, userId: present[0] ?? founder, limit: 100 };
        const members = await listMembers(sql, asked);
        expect(members?.map(({ userId }) => userId).toSorted() ?? []).toEqual(present);
        await sql`DELETE FROM outbox`;
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
