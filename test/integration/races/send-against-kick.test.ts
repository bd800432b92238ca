import type postgres from 'postgres';
import { describe, expect, it } from 'vitest';

import { removeMember } from '../../../core/chat/remove-member.ts';
import type { SendOutcome } from '../../../core/chat/send-message.ts';
import { holdConversation } from '../../harness/held-conversation.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { install } from './broken/install.ts';

const ROUNDS = 1_000;
const AT_ONCE = 5;

const sound = await databaseForFile();
const broken = await databaseForFile();
await install(broken.sql, 'membership-before-lock');

/** What was said by somebody behind their own removal, as a message or as an event. */
async function saidByTheRemoved(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql`
    WITH told AS (
      SELECT ev, payload::jsonb #>> '{message,senderId}' AS sender,
        max(subject) FILTER (WHERE kind = 'unsubscribe')
          OVER (PARTITION BY conversation_id ORDER BY id) AS removed
      FROM outbox
    )
    SELECT 'ev ' || ev || ' behind the removal' AS found FROM told WHERE sender = removed
    UNION ALL
    SELECT 'seq ' || g.seq || ' behind ' || m.left_seq
    FROM members m JOIN messages g ON g.conversation_id = m.conversation_id AND g.seq > m.left_seq
    WHERE g.sender_id = m.user_id`;
  return rows.map(({ found }) => found as string);
}

/** One removal among sends of the removed; who is called first changes from round to round. */
async function race(sql: postgres.Sql, ids: { ann: string; ben: string; round: number }) {
  const { ann, ben, round } = ids;
  const conversationId = await group(sql, ann, ben);
  const sends: Promise<SendOutcome>[] = [];
  const kick = () => removeMember(sql, { conversationId, actorId: ann, userId: ben });
  let kicked: ReturnType<typeof kick> | undefined;
  for (let turn = 0; turn < 4; turn += 1) {
    if (turn === round % 4) kicked = kick();
    else sends.push(say(sql, { conversationId, senderId: ben }));
  }
  expect(await kicked).toMatchObject({ outcome: 'removed' });
  return (await Promise.all(sends)).map(({ outcome }) => outcome);
}

async function manyRaces(
  sql: postgres.Sql,
  rounds: number,
): Promise<{ created: number; refused: number }> {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const outcomes: string[] = [];
  let round = 0;
  const lane = async (): Promise<void> => {
    while (round < rounds) outcomes.push(...(await race(sql, { ann, ben, round: (round += 1) })));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const count = (outcome: string): number => outcomes.filter((one) => one === outcome).length;
  const counts = { created: count('created'), refused: count('not_found') };
  expect(counts.created + counts.refused).toBe(outcomes.length);
  return counts;
}

/** A removal and a send of the removed that both wait for the conversation, in that order or the other. */
async function inLine(sql: postgres.Sql, first: 'remove_member' | 'send_message') {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, ann, ben);
  const calls = {
    remove_member: () => removeMember(sql, { conversationId, actorId: ann, userId: ben }),
    send_message: () => say(sql, { conversationId, senderId: ben }),
  };
  const second = first === 'send_message' ? 'remove_member' : 'send_message';
  const answers = await holdConversation({ sql, id: conversationId }, async (held) => {
    const one = calls[first]();
    await held.waiting(first);
    const other = calls[second]();
    await held.waiting(second);
    held.release();
    return Promise.all([one, other]);
  });
  const events = await sql`
    SELECT kind || ' ' || ev AS event FROM outbox
    WHERE conversation_id = ${conversationId} AND ev > 0 ORDER BY id`;
  return {
    outcomes: answers.map(({ outcome }) => outcome),
    events: events.map(({ event }) => event as string),
  };
}

describe('a send against the removal of its sender', () => {
  it('is either before it or refused, a thousand times', async () => {
    const { created, refused } = await manyRaces(sound.sql, ROUNDS);
    console.log(`send against kick: ${ROUNDS} rounds, ${created} before, ${refused} refused`);
    expect(Math.min(created, refused)).toBeGreaterThan(ROUNDS / 10);
    expect(await saidByTheRemoved(sound.sql)).toEqual([]);
  }, 120_000);

  it('is refused when it waited behind it, and numbers nothing', async () => {
    expect(await inLine(sound.sql, 'remove_member')).toEqual({
      outcomes: ['removed', 'not_found'],
      events: ['unsubscribe 1', 'event 1', 'event 1', 'event 2'],
    });
    expect(await saidByTheRemoved(sound.sql)).toEqual([]);
  });

  it('stands when it waited before it', async () => {
    expect(await inLine(sound.sql, 'send_message')).toEqual({
      outcomes: ['created', 'removed'],
      events: ['event 1', 'unsubscribe 2', 'event 2', 'event 2', 'event 3'],
    });
    expect(await saidByTheRemoved(sound.sql)).toEqual([]);
  });
});

describe('a send that asks for the membership before it waits', () => {
  it('is caught by such rounds', async () => {
    await manyRaces(broken.sql, 200);
    expect(await saidByTheRemoved(broken.sql)).not.toEqual([]);
  }, 120_000);

  it('is caught in the line behind a removal', async () => {
    const before = (await saidByTheRemoved(broken.sql)).length;
    const { outcomes } = await inLine(broken.sql, 'remove_member');
    expect(outcomes).toEqual(['removed', 'created']);
    expect((await saidByTheRemoved(broken.sql)).length).toBeGreaterThan(before);
  });
});
