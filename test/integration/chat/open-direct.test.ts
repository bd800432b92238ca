import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { openDirect } from '../../../core/chat/open-direct.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

describe('a direct conversation', () => {
  it('is one for a pair, whoever of a hundred wins the race and from whichever side', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, racer) => {
        const [userId, otherId] = racer % 2 === 0 ? [ann, ben] : [ben, ann];
        return openDirect(sql, { id: randomUUID(), userId, otherId });
      }),
    );
    expect(answers.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'existing')).toHaveLength(99);
    const ids = new Set(
      answers.map((answer) => 'conversationId' in answer && answer.conversationId),
    );
    expect(ids.size).toBe(1);

    const [id] = [...ids];
    const members = await sql`
      SELECT user_id FROM members WHERE conversation_id = ${id as string} ORDER BY user_id`;
    expect(members.map(({ user_id }) => user_id as string)).toEqual([ann, ben].toSorted());
    const told = await sql`SELECT audience FROM outbox WHERE conversation_id = ${id as string}`;
    expect(told).toHaveLength(1);
  });

  it('needs somebody whom the system knows', async () => {
    const [ann = ''] = await users(sql, 'ann');
    expect(await openDirect(sql, { id: randomUUID(), userId: ann, otherId: 'nobody' })).toEqual({
      outcome: 'unknown_user',
    });
  });

  it('cannot be left, since it would be empty and still the only one of its pair', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const conversationId = randomUUID();
    await openDirect(sql, { id: conversationId, userId: ann, otherId: ben });
    expect(await removeMember(sql, { conversationId, actorId: ann, userId: ann })).toEqual({
      outcome: 'direct',
    });
  });
});
