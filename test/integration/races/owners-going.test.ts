import type postgres from 'postgres';
import { describe, expect, it } from 'vitest';

import { changeRole } from '../../../core/chat/change-role.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { holdConversation } from '../../harness/held-conversation.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, users } from '../chat/people-in-sql.ts';
import { install } from './broken/install.ts';

const ROUNDS = 200;
const AT_ONCE = 5;

const sound = await databaseForFile();
const broken = await databaseForFile();
await install(broken.sql, 'owners-before-lock');

type Deed = (asked: { sql: postgres.Sql; conversationId: string }) => Promise<{ outcome: string }>;

const removes =
  (actorId = '', userId = ''): Deed =>
  ({ sql, conversationId }) =>
    removeMember(sql, { conversationId, actorId, userId });
const demotes =
  (actorId = '', userId = ''): Deed =>
  ({ sql, conversationId }) =>
    changeRole(sql, { conversationId, actorId, userId, role: 'member' });

/** What two owners do at once, and which functions they wait in then. */
const WAYS = {
  'leave at once': {
    deeds: ([ann, ben]: string[]) => [removes(ann, ann), removes(ben, ben)],
    calls: { remove_member: 2 },
  },
  'remove each other': {
    deeds: ([ann, ben]: string[]) => [removes(ann, ben), removes(ben, ann)],
    calls: { remove_member: 2 },
  },
  'step down at once': {
    deeds: ([ann, ben]: string[]) => [demotes(ann, ann), demotes(ben, ben)],
    calls: { change_role: 2 },
  },
  'demote each other': {
    deeds: ([ann, ben]: string[]) => [demotes(ann, ben), demotes(ben, ann)],
    calls: { change_role: 2 },
  },
  'step down and leave': {
    deeds: ([ann, ben]: string[]) => [demotes(ann, ann), removes(ben, ben)],
    calls: { change_role: 1, remove_member: 1 },
  },
} as const;

type Way = keyof typeof WAYS;

/** A group of two owners and a member, what the two do, and the owners whom it has afterwards. */
async function ownersLeft(
  sql: postgres.Sql,
  { way, people, inLine = false }: { way: Way; people: string[]; inLine?: boolean },
) {
  const [ann = '', ben = '', cem] = people;
  const conversationId = await group(sql, ann, ben, cem!);
  await sql`UPDATE members SET role = 'owner'
    WHERE conversation_id = ${conversationId} AND user_id = ${ben}`;
  const { deeds, calls } = WAYS[way];
  const both = () => Promise.all(deeds(people).map((deed) => deed({ sql, conversationId })));
  const answers = inLine
    ? await holdConversation({ sql, id: conversationId }, async (held) => {
        const doing = both();
        for (const [call, count] of Object.entries(calls)) await held.waiting(call, count);
        held.release();
        return doing;
      })
    : await both();
  const owners = await sql`
    SELECT FROM members WHERE conversation_id = ${conversationId} AND role = 'owner' AND left_ev IS NULL`;
  return { outcomes: answers.map(({ outcome }) => outcome).toSorted(), owners: owners.length };
}

async function manyRounds(sql: postgres.Sql, way: Way): Promise<Set<string>> {
  const people = await users(sql, 'ann', 'ben', 'cem');
  const seen = new Set<string>();
  let round = 0;
  const lane = async (): Promise<void> => {
    while ((round += 1) <= ROUNDS) {
      const { outcomes, owners } = await ownersLeft(sql, { way, people });
      seen.add(`${outcomes.join(' and ')}: ${owners} owners`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return seen;
}

/** Whoever comes second is the last owner, or none any more. */
const EXPECTED: Record<Way, string[]> = {
  'leave at once': ['last_owner and removed: 1 owners'],
  'remove each other': ['not_found and removed: 1 owners'],
  'step down at once': ['changed and last_owner: 1 owners'],
  'demote each other': ['changed and forbidden: 1 owners'],
  'step down and leave': ['changed and last_owner: 1 owners', 'last_owner and removed: 1 owners'],
};

describe.each(Object.keys(WAYS) as Way[])('two owners who %s', (way) => {
  it(`keep one, ${ROUNDS} times`, async () => {
    for (const seen of await manyRounds(sound.sql, way)) expect(EXPECTED[way]).toContain(seen);
  }, 60_000);

  it('keep one also when both had to wait', async () => {
    const people = await users(sound.sql, 'ann', 'ben', 'cem');
    const { outcomes, owners } = await ownersLeft(sound.sql, { way, people, inLine: true });
    expect(EXPECTED[way]).toContain(`${outcomes.join(' and ')}: ${owners} owners`);
  });

  it('are caught keeping none where owners are counted before the wait', async () => {
    const people = await users(broken.sql, 'ann', 'ben', 'cem');
    const { owners } = await ownersLeft(broken.sql, { way, people, inLine: true });
    expect(owners).toBe(0);
    const seen = [...(await manyRounds(broken.sql, way))];
    expect(seen.filter((one) => one.endsWith(': 0 owners'))).not.toEqual([]);
  }, 60_000);
});
