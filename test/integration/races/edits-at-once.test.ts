import type { Message } from '@rov/realtime';
import type postgres from 'postgres';
import { describe, expect, it } from 'vitest';

import { deleteMessage } from '../../../core/chat/delete-message.ts';
import { editMessage } from '../../../core/chat/edit-message.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { holdConversation } from '../../harness/held-conversation.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { eventsBehind, said } from '../chat/messages-in-sql.ts';
import { group, users } from '../chat/people-in-sql.ts';
import { install } from './broken/install.ts';

const EDITORS = 16;
const ROUNDS = 200;
const AT_ONCE = 5;

const sound = await databaseForFile();
const broken = await databaseForFile();
await install(broken.sql, 'edit-before-lock');

/** A message of Ben's in Ann's group, and what may happen to it. */
async function talk(sql: postgres.Sql) {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, ann, ben);
  const { id: messageId } = await said(sql, { conversationId, senderId: ben, content: 'first' });
  const at = { conversationId, messageId };
  return {
    ...at,
    calls: {
      edit_message: (content = 'other words', revision = 1) =>
        editMessage(sql, { ...at, editorId: ben, revision, content }),
      delete_message: () => deleteMessage(sql, { ...at, actorId: ann }),
      remove_member: () => removeMember(sql, { conversationId, actorId: ann, userId: ben }),
    },
  };
}

type Talk = Awaited<ReturnType<typeof talk>>;
type Call = keyof Talk['calls'];

/** As many devices edit one message until each has had its word; which answers there were to each revision. */
async function editAtOnce(sql: postgres.Sql) {
  const { conversationId, calls } = await talk(sql);
  const won = new Map<number, number>();
  let refused = 0;
  let seen = 1;
  await Promise.all(
    Array.from({ length: EDITORS }, async (_, editor) => {
      for (;;) {
        const revision = seen;
        const edited = await calls.edit_message(`by ${editor}`, revision);
        if (edited.outcome === 'edited') {
          won.set(revision, (won.get(revision) ?? 0) + 1);
          seen = Math.max(seen, edited.message.revision);
          return;
        }
        expect(edited).toEqual({ outcome: 'revision_mismatch' });
        refused += 1;
        // Somebody else won; their answer says the revision that is next.
        await new Promise(setImmediate);
      }
    }),
  );
  return { won, refused, events: await eventsBehind(sql, conversationId, 1) };
}

const messagesIn = (events: Awaited<ReturnType<typeof eventsBehind>>): Message[] =>
  events.flatMap(({ said }) => (said && 'message' in said && said.message ? [said.message] : []));

/** Two calls that both wait for the conversation, in that order. */
async function inLine(sql: postgres.Sql, first: Call, second: Call) {
  const { conversationId, calls } = await talk(sql);
  const answers = await holdConversation({ sql, id: conversationId }, async (held) => {
    const one = calls[first]();
    await held.waiting(first);
    const other = calls[second]();
    await held.waiting(second);
    held.release();
    return Promise.all([one, other]);
  });
  const events = await eventsBehind(sql, conversationId, 1);
  return {
    outcomes: answers.map(({ outcome }) => outcome),
    events: events.flatMap(({ kind, ev, said }) =>
      said || kind !== 'event' ? [`${said?.type ?? kind} ${ev}`] : [],
    ),
  };
}

/** What was said under a number behind a removal of its sender, or of a message behind its deletion. */
async function saidTooLate(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql`
    WITH told AS (
      SELECT conversation_id, ev, payload::jsonb AS said,
        max(subject) FILTER (WHERE kind = 'unsubscribe') OVER earlier AS removed,
        bool_or(payload::jsonb->>'type' = 'message_deleted') OVER earlier AS deleted
      FROM outbox WINDOW earlier AS (PARTITION BY conversation_id ORDER BY id)
    )
    SELECT said->>'type' || ' of ' || CASE WHEN deleted THEN 'a tombstone' ELSE 'the removed' END AS found
    FROM told WHERE said->>'type' = 'message_updated'
      AND (deleted OR said #>> '{message,senderId}' = removed)
    UNION ALL
    SELECT 'a tombstone says ' || content FROM messages WHERE deleted_at IS NOT NULL AND content <> ''`;
  return rows.map(({ found }) => found as string);
}

/** Edits against whatever ends them, each pair called in both orders. */
async function manyRaces(sql: postgres.Sql, against: Exclude<Call, 'edit_message'>) {
  const outcomes: string[] = [];
  let round = 0;
  const lane = async (): Promise<void> => {
    while ((round += 1) <= ROUNDS) {
      const { calls } = await talk(sql);
      const order =
        round % 2 === 0
          ? (['edit_message', against] as const)
          : ([against, 'edit_message'] as const);
      const answers = await Promise.all(order.map((call) => calls[call]()));
      outcomes.push(answers[order.indexOf('edit_message')]!.outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return Object.fromEntries(
    [...Map.groupBy(outcomes, (outcome) => outcome)].map(([outcome, all]) => [outcome, all.length]),
  );
}

describe('sixteen who edit one message at once', () => {
  it('win one revision each, and every event has the words of the one who won it', async () => {
    const { won, refused, events } = await editAtOnce(sound.sql);
    console.log(`sixteen editors: ${refused} refused`);
    expect([...won].toSorted(([one], [other]) => one - other)).toEqual(
      Array.from({ length: EDITORS }, (_, index) => [index + 1, 1]),
    );
    expect(refused).toBeGreaterThan(0);
    expect(events.map(({ ev }) => ev)).toEqual(Array.from({ length: EDITORS }, (_, n) => n + 2));
    const told = messagesIn(events);
    expect(told.map(({ revision }) => revision)).toEqual(
      Array.from({ length: EDITORS }, (_, n) => n + 2),
    );
    expect(new Set(told.map(({ content }) => content)).size).toBe(EDITORS);
  }, 60_000);

  const allWaiting = async (sql: postgres.Sql): Promise<string[]> => {
    const { conversationId, calls } = await talk(sql);
    const answers = await holdConversation({ sql, id: conversationId }, async (held) => {
      const editing = Array.from({ length: EDITORS }, (_, n) => calls.edit_message(`by ${n}`));
      await held.waiting('edit_message', EDITORS);
      held.release();
      return Promise.all(editing);
    });
    return answers.map(({ outcome }) => outcome).toSorted();
  };

  it('over the same revision are one who wins and fifteen who are told', async () => {
    expect(await allWaiting(sound.sql)).toEqual([
      'edited',
      ...Array.from({ length: EDITORS - 1 }, () => 'revision_mismatch'),
    ]);
  });

  it('are caught all winning where the revision is compared before the wait', async () => {
    expect(new Set(await allWaiting(broken.sql))).toEqual(new Set(['edited']));
  });
});

describe('an edit against the removal of its sender', () => {
  it('is refused behind it and stands before it', async () => {
    expect(await inLine(sound.sql, 'remove_member', 'edit_message')).toMatchObject({
      outcomes: ['removed', 'not_found'],
    });
    const { outcomes, events } = await inLine(sound.sql, 'edit_message', 'remove_member');
    expect(outcomes).toEqual(['edited', 'removed']);
    expect(events.slice(0, 2)).toEqual(['message_updated 2', 'unsubscribe 3']);
  });

  it(`is one or the other, ${ROUNDS} times`, async () => {
    const { edited = 0, not_found: refused = 0 } = await manyRaces(sound.sql, 'remove_member');
    console.log(`edit against kick: ${edited} before, ${refused} refused`);
    expect(edited + refused).toBe(ROUNDS);
    expect(Math.min(edited, refused)).toBeGreaterThan(0);
    expect(await saidTooLate(sound.sql)).toEqual([]);
  }, 60_000);
});

describe('an edit against a deletion', () => {
  it('is gone behind it and stands before it, until it is deleted', async () => {
    expect(await inLine(sound.sql, 'delete_message', 'edit_message')).toEqual({
      outcomes: ['deleted', 'message_deleted'],
      events: ['message_deleted 2'],
    });
    expect(await inLine(sound.sql, 'edit_message', 'delete_message')).toEqual({
      outcomes: ['edited', 'deleted'],
      events: ['message_updated 2', 'message_deleted 3'],
    });
  });

  it(`leaves no word of a tombstone, ${ROUNDS} times`, async () => {
    const { edited = 0, message_deleted: gone = 0 } = await manyRaces(sound.sql, 'delete_message');
    console.log(`edit against deletion: ${edited} before, ${gone} behind`);
    expect(edited + gone).toBe(ROUNDS);
    expect(Math.min(edited, gone)).toBeGreaterThan(0);
    expect(await saidTooLate(sound.sql)).toEqual([]);
  }, 60_000);
});

describe('an edit that asks before it waits', () => {
  it('is caught behind a removal and behind a deletion', async () => {
    expect((await inLine(broken.sql, 'remove_member', 'edit_message')).outcomes).toEqual([
      'removed',
      'edited',
    ]);
    expect(await saidTooLate(broken.sql)).toContain('message_updated of the removed');
    await inLine(broken.sql, 'delete_message', 'edit_message');
    const found = await saidTooLate(broken.sql);
    expect(found).toContain('message_updated of a tombstone');
    expect(found).toContain('a tombstone says other words');
  });
});
