import { ReactionEvent } from '@rov/realtime';
import type postgres from 'postgres';
import { describe, expect, it } from 'vitest';

import { listMessages } from '../../../core/chat/list-messages.ts';
import { react } from '../../../core/chat/react.ts';
import { holdConversation } from '../../harness/held-conversation.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { lastEv, said } from '../chat/messages-in-sql.ts';
import { group, users } from '../chat/people-in-sql.ts';
import { install } from './broken/install.ts';
import { judgeReactions } from './reactions-verdict.ts';

const REACTORS = 16;
const ROUNDS = 30;
const KINDS = ['👍', '🎉', '❤️'];

const sound = await databaseForFile();
const broken = await databaseForFile();
await install(broken.sql, 'reactions-before-lock');

/** A message that sixteen people look at, and how each of them reacts to it. */
async function crowd(sql: postgres.Sql) {
  const people = await users(sql, ...Array.from({ length: REACTORS }, (_, n) => `reactor${n}`));
  const conversationId = await group(sql, people[0]!, ...people.slice(1));
  const { id } = await said(sql, { conversationId, senderId: people[0]! });
  const change = (userId: string, emoji: string, added: boolean) =>
    react(sql, { conversationId, messageId: id, userId, emoji, added });

  /** What is wrong with what was told of them. */
  const judge = async (): Promise<string[]> => {
    const rows = await sql`
      SELECT payload FROM outbox WHERE conversation_id = ${conversationId} AND ev > 1 ORDER BY id`;
    const events = rows.map(({ payload }) => ReactionEvent.parse(JSON.parse(payload)));
    const stored = await sql`
      SELECT emoji, user_id AS "userId" FROM reactions WHERE message_id = ${id}`;
    return judgeReactions(events, { behind: 1, stored: stored as never });
  };
  return { people, conversationId, change, judge };
}

/** Each reactor again and again takes the next kind of emoji and lets the one before the last go. */
async function reactAtOnce(sql: postgres.Sql): Promise<{ findings: string[]; events: number }> {
  const { people, conversationId, change, judge } = await crowd(sql);
  await Promise.all(
    people.map(async (userId, reactor) => {
      const kind = (round: number): string => KINDS[(reactor + round) % KINDS.length]!;
      for (let round = 0; round < ROUNDS; round += 1) {
        await change(userId, kind(round), true);
        if (round > 0 && reactor % 2 === 0) await change(userId, kind(round - 1), false);
      }
    }),
  );
  return { findings: await judge(), events: (await lastEv(sql, conversationId)) - 1 };
}

/** All sixteen wait for the conversation before the first of them has it. */
async function reactInLine(sql: postgres.Sql): Promise<string[]> {
  const { people, conversationId, change, judge } = await crowd(sql);
  await holdConversation({ sql, id: conversationId }, async (held) => {
    const reacting = people.map((userId) => change(userId, '👍', true));
    await held.waiting('react', REACTORS);
    held.release();
    await Promise.all(reacting);
  });
  return judge();
}

describe('sixteen who react to one message at once', () => {
  it('are counted in every event as those before it have left it, and in the last as the table has it', async () => {
    const { findings, events } = await reactAtOnce(sound.sql);
    console.log(`sixteen reactors: ${events} events`);
    expect(findings).toEqual([]);
    expect(events).toBeGreaterThan(REACTORS * KINDS.length);
  }, 60_000);

  it('are counted so too when all of them had to wait', async () => {
    expect(await reactInLine(sound.sql)).toEqual([]);
  });

  it('and take their own back at once leave what a page shows afterwards', async () => {
    const { people, conversationId, change, judge } = await crowd(sound.sql);
    await Promise.all(
      people.flatMap((userId) => [
        change(userId, '👍', true),
        change(userId, '👍', false),
        change(userId, '🎉', true),
      ]),
    );
    expect(await judge()).toEqual([]);
    const [first = ''] = people;
    const page = await listMessages(sound.sql, { conversationId, userId: first, limit: 1 });
    const hers = page!.items[0]!.reactions!.find(({ emoji }) => emoji === '🎉');
    expect(hers).toMatchObject({ count: REACTORS, mine: true });
  });
});

describe('reactions that are counted before the wait', () => {
  it('are caught in the line', async () => {
    const findings = await reactInLine(broken.sql);
    expect(findings).toContain('ev 3 told 👍 1 of 👍 2');
    expect(findings.at(-1)).toMatch(/^the last event told 👍 1, the table has 👍 16$/);
  });

  it('are caught among so many', async () => {
    const { findings } = await reactAtOnce(broken.sql);
    expect(findings).not.toEqual([]);
  }, 60_000);
});
