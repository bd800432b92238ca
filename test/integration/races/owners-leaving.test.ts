import type postgres from 'postgres';
import { describe, expect, it } from 'vitest';

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

/** Who goes by whose word, of two owners. */
const WAYS = {
  'leave at once': ([ann, ben]: string[]) => [
    [ann, ann],
    [ben, ben],
  ],
  'remove each other': ([ann, ben]: string[]) => [
    [ann, ben],
    [ben, ann],
  ],
} as const;

type Way = keyof typeof WAYS;

/** A group of two owners and a member, its two removals, and the owners whom it has afterwards. */
async function ownersLeft(
  sql: postgres.Sql,
  { way, people, inLine = false }: { way: Way; people: string[]; inLine?: boolean },
) {
  const [ann = '', ben = '', cem = ''] = people;
  const conversationId = await group(sql, ann, ben, cem);
  await sql`UPDATE members SET role = 'owner'
    WHERE conversation_id = ${conversationId} AND user_id = ${ben}`;
  const both = () =>
    Promise.all(
      WAYS[way](people).map(([actorId = '', userId = '']) =>
        removeMember(sql, { conversationId, actorId, userId }),
      ),
    );
  const answers = inLine
    ? await holdConversation({ sql, id: conversationId }, async (held) => {
        const removals = both();
        await held.waiting('remove_member', 2);
        held.release();
        return removals;
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

/** Whoever comes second is the last owner, or is in the group no more. */
const EXPECTED = {
  'leave at once': 'last_owner and removed: 1 owners',
  'remove each other': 'not_found and removed: 1 owners',
};

describe.each(Object.keys(WAYS) as Way[])('two owners who %s', (way) => {
  it(`keep one, ${ROUNDS} times`, async () => {
    expect([...(await manyRounds(sound.sql, way))]).toEqual([EXPECTED[way]]);
  }, 60_000);

  it('keep one also when both had to wait', async () => {
    const people = await users(sound.sql, 'ann', 'ben', 'cem');
    const { outcomes, owners } = await ownersLeft(sound.sql, { way, people, inLine: true });
    expect(`${outcomes.join(' and ')}: ${owners} owners`).toBe(EXPECTED[way]);
  });

  it('are caught keeping none where owners are counted before the wait', async () => {
    const people = await users(broken.sql, 'ann', 'ben', 'cem');
    expect(await ownersLeft(broken.sql, { way, people, inLine: true })).toEqual({
      outcomes: ['removed', 'removed'],
      owners: 0,
    });
    expect(await manyRounds(broken.sql, way)).toContain('removed and removed: 0 owners');
  }, 60_000);
});
