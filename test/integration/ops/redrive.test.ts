import { randomUUID } from 'node:crypto';

import { ChatChannelEvent, ConversationChannelEvent } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { editMessage } from '../../../core/chat/edit-message.ts';
import { react } from '../../../core/chat/react.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { changeAccess } from '../../../core/ops/access.ts';
import { dismiss } from '../../../core/ops/dismiss.ts';
import { listActions } from '../../../core/ops/list-actions.ts';
import { planRedrive, redrive } from '../../../core/ops/redrive.ts';
import { signOut } from '../../../core/people/sign-out.ts';
import { touchPresence } from '../../../core/presence/presence.ts';
import { everythingStored } from '../../harness/everything-stored.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { until } from '../../harness/until.ts';
import { waitingCalls } from '../../harness/waiting-calls.ts';
import { saidMany } from '../chat/messages-in-sql.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { bury, deliver, waitingFor } from './dead-letters.ts';

const { sql } = await databaseForFile();
const deed = { operator: 'olga', reason: 'the namespace is back' };
const ring = (): void => undefined;

async function quietGroup() {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, ann, ben);
  await deliver(sql, conversationId);
  return { ann, ben, conversationId };
}

/** Until a redrive waits for a lock. */
const untilItWaits = (): Promise<void> =>
  until(async () => (await waitingCalls(sql, 'redrive_letters')).length > 0, {
    timeoutMs: 5_000,
    what: 'a redrive to wait for a lock',
  });

const closedBy = async (id: number): Promise<number | null> => {
  const [row] =
    await sql`SELECT closed_by::int AS action FROM dead_letters WHERE outbox_id = ${id}`;
  return row!['action'] as number | null;
};

describe('a redrive', () => {
  it('tells a conversation once to read again from its lowest message concerned, and says nothing of the old again', async () => {
    const { ann, conversationId } = await quietGroup();
    for (const content of ['heard', 'dead', 'heard too', 'dead too'])
      await say(sql, { conversationId, senderId: ann, content });
    const ids = await bury(sql, { of: conversationId, only: [3, 1] });
    const rung = new Set<number>();

    const outcome = await redrive(sql, { filter: { ids }, deed, ring: (shard) => rung.add(shard) });
    expect(outcome).toMatchObject({ letters: 2, closed: 0, unknown: [] });

    const waiting = await waitingFor(sql, conversationId);
    expect(waiting).toMatchObject([{ kind: 'event', ev: 5, audience: 'members' }]);
    const [{ said, told, eventId }] = waiting as [(typeof waiting)[0]];
    expect(ConversationChannelEvent.parse(said)).toMatchObject({
      type: 'resync',
      ev: 5,
      fromSeq: 2,
    });
    expect(ChatChannelEvent.parse(told)).toMatchObject({ type: 'resync', eventId });
    const [home] = await sql`SELECT shard, ev::int FROM conversations WHERE id = ${conversationId}`;
    expect(home).toEqual({ shard: [...rung][0], ev: 5 });
  });

  it('of what became of a message asks to read again from that message, also where it was told without it', async () => {
    const { ann, ben, conversationId } = await quietGroup();
    const [first, second] = await saidMany(sql, { conversationId, senderId: ann, count: 2 });
    const [cem = ''] = await users(sql, 'cem');
    await addMembers(sql, { conversationId, actorId: ann, userIds: [cem] });
    const at = (one: typeof first) => ({ conversationId, messageId: one!.id });
    await react(sql, { ...at(second), userId: ben, emoji: '👍', added: true });
    await deliver(sql, conversationId);
    await editMessage(sql, { ...at(first), editorId: ann, revision: 1, content: 'other' });
    const [dead] = await waitingFor(sql, conversationId);
    expect(dead!.said).not.toHaveProperty('message');
    const ids = await bury(sql, { of: conversationId });
    await redrive(sql, { filter: { ids }, deed, ring });
    const [row] = await waitingFor(sql, conversationId);
    expect(row!.said).toMatchObject({ type: 'resync', fromSeq: 1 });
  });

  it('is recorded in the transaction in which it closes the letters: who, why, what for, how many', async () => {
    const { ann, conversationId } = await quietGroup();
    await say(sql, { conversationId, senderId: ann });
    const [id = 0] = await bury(sql, { of: conversationId });
    await redrive(sql, { filter: { conversationId }, deed, ring });
    const [latest] = await listActions(sql, { limit: 1 });
    expect(latest).toMatchObject({
      operator: 'olga',
      action: 'redrive',
      reason: 'the namespace is back',
      target: { conversationId },
      outcome: { letters: 1, conversations: 1, people: 0 },
    });
    expect(await closedBy(id)).toBe(latest!.id);
  });

  it('a second time, or for nothing that there is, changes nothing', async () => {
    const { ann, conversationId } = await quietGroup();
    await say(sql, { conversationId, senderId: ann });
    const [id = 0] = await bury(sql, { of: conversationId });
    await redrive(sql, { filter: { ids: [id] }, deed, ring });
    const before = await everythingStored(sql);
    expect(await redrive(sql, { filter: { ids: [id, 999_999] }, deed, ring })).toMatchObject({
      letters: 0,
      closed: 1,
      unknown: [999_999],
    });
    expect(await everythingStored(sql)).toEqual(before);
  });

  it('by two operators at once tells nobody twice', async () => {
    const lanes = await Promise.all(Array.from({ length: 12 }, () => quietGroup()));
    const ids: number[] = [];
    for (const { ann, conversationId } of lanes) {
      await say(sql, { conversationId, senderId: ann });
      ids.push(...(await bury(sql, { of: conversationId })));
    }
    const both = await Promise.all([1, 2].map(() => redrive(sql, { filter: { ids }, deed, ring })));
    expect(both[0]!.letters + both[1]!.letters).toBe(12);
    expect(both[0]!.closed + both[1]!.closed).toBe(12);
    for (const { conversationId } of lanes)
      expect(await waitingFor(sql, conversationId)).toHaveLength(1);
  });

  it('waits for the other one, who has the letters already, and finds them closed', async () => {
    const { ann, conversationId } = await quietGroup();
    await say(sql, { conversationId, senderId: ann });
    const ids = await bury(sql, { of: conversationId });
    let second: Promise<unknown> = Promise.resolve();
    await sql.begin(async (tx) => {
      await tx`SELECT redrive_letters(${tx.json({ ...deed, target: {} })}, ${tx.json(ids)})`;
      second = redrive(sql, { filter: { ids }, deed, ring });
      await untilItWaits();
    });
    expect(await second).toMatchObject({ letters: 0, closed: 1 });
    expect(await waitingFor(sql, conversationId)).toHaveLength(1);
  });

  it('that is only tried shows who would hear what, and writes nothing', async () => {
    const { ann, ben, conversationId } = await quietGroup();
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    await say(sql, { conversationId, senderId: ann });
    const ids = await bury(sql, { of: conversationId });
    expect(ids).toHaveLength(5);
    const before = await everythingStored(sql);
    const plan = await planRedrive(sql, { ids });
    expect(await everythingStored(sql)).toEqual(before);
    expect(plan).toMatchObject({
      letters: 5,
      conversations: [
        {
          conversationId,
          letters: 5,
          members: 1,
          ev: 4,
          fromSeq: 1,
          unsubscribe: [ben],
          removed: [ben],
          rejoined: [],
        },
      ],
    });
    const done = await redrive(sql, { filter: { ids }, deed, ring });
    expect(done.conversations).toEqual(plan.conversations);
  });

  it('of a control row makes who is no member stop listening, in the order of the conversation, under no number', async () => {
    const { ann, ben, conversationId } = await quietGroup();
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    const ids = await bury(sql, { of: conversationId });
    await redrive(sql, { filter: { ids }, deed, ring });
    const [unsubscribe, goodbye, resync] = await waitingFor(sql, conversationId);
    expect(unsubscribe).toMatchObject({ kind: 'unsubscribe', subject: ben, ev: null, said: null });
    expect(goodbye).toMatchObject({ kind: 'event', subject: ben, ev: null, audience: 'subject' });
    expect(ChatChannelEvent.parse(goodbye!.told)).toMatchObject({
      type: 'conversation_removed',
      eventId: goodbye!.eventId,
      ev: 2,
      lastSeq: 0,
    });
    expect(resync).toMatchObject({ kind: 'event', ev: 3, said: { type: 'resync' } });
  });

  it('of a control row alone tells nobody else', async () => {
    const { ann, ben, conversationId } = await quietGroup();
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    const ids = await bury(sql, { of: conversationId, only: [0] });
    await redrive(sql, { filter: { ids }, deed, ring });
    expect(await waitingFor(sql, conversationId)).toMatchObject([{ kind: 'unsubscribe' }]);
  });

  it('of a control row does not silence somebody who has come back, and says so', async () => {
    const { ann, ben, conversationId } = await quietGroup();
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    const ids = await bury(sql, { of: conversationId, only: [0] });
    await addMembers(sql, { conversationId, actorId: ann, userIds: [ben] });
    await deliver(sql, conversationId);
    const outcome = await redrive(sql, { filter: { ids }, deed, ring });
    expect(outcome).toMatchObject({
      letters: 1,
      conversations: [
        { conversationId, ev: null, fromSeq: null, unsubscribe: [], rejoined: [ben] },
      ],
    });
    expect(await waitingFor(sql, conversationId)).toEqual([]);
    expect(await closedBy(ids[0]!)).not.toBeNull();
  });

  it('decides who is back behind the lock under which people come back', async () => {
    const { ann, ben, conversationId } = await quietGroup();
    await removeMember(sql, { conversationId, actorId: ann, userId: ben });
    const ids = await bury(sql, { of: conversationId, only: [0] });
    let redriving: ReturnType<typeof redrive> | undefined;
    await sql.begin(async (tx) => {
      await tx`SELECT add_members(${conversationId}, ${ann}, ${[ben]})`;
      redriving = redrive(sql, { filter: { ids }, deed, ring });
      await untilItWaits();
    });
    expect(await redriving).toMatchObject({
      conversations: [{ unsubscribe: [], rejoined: [ben] }],
    });
    expect((await waitingFor(sql, conversationId)).map(({ kind }) => kind)).not.toContain(
      'unsubscribe',
    );
  });

  it('of a history that should have been removed removes it, in front of the resync', async () => {
    const { ann, conversationId } = await quietGroup();
    const [cem = ''] = await users(sql, 'cem');
    await addMembers(sql, { conversationId, actorId: ann, userIds: [cem] });
    const ids = await bury(sql, { of: conversationId });
    await redrive(sql, { filter: { ids }, deed, ring });
    expect(await waitingFor(sql, conversationId)).toMatchObject([
      { kind: 'history_remove', ev: null },
      { kind: 'event', said: { type: 'resync' } },
    ]);
  });

  it('of a disconnect disconnects who is banned, and not who only signed out', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    await signOut(sql, ann);
    await changeAccess(sql, { userId: ben, action: 'ban', deed, ring });
    const waits = async (of: string): Promise<string[]> => {
      const ids = await bury(sql, { of });
      expect(ids).toHaveLength(1);
      await redrive(sql, { filter: { ids }, deed, ring });
      return (await waitingFor(sql, of)).map(({ kind }) => kind);
    };
    expect(await waits(ann)).not.toContain('disconnect');
    expect(await waits(ben)).toContain('disconnect');
  });

  it('of presence has the contacts ask again', async () => {
    const [cem = '', dan = ''] = await users(sql, 'cem', 'dan');
    await sql`INSERT INTO contacts (user_id, contact_id) VALUES (${cem}, ${dan}), (${dan}, ${cem})`;
    for (const userId of [dan, cem])
      await touchPresence(sql, {
        userId,
        sessionId: 'one',
        state: 'active',
        leaseMs: 90_000,
        quietMs: 0,
      });
    await deliver(sql, dan);
    const ids = await bury(sql, { of: cem });
    expect(await redrive(sql, { filter: { ids }, deed, ring })).toMatchObject({
      conversations: [],
      people: [{ userId: cem, letters: 1, contacts: 1 }],
    });
    const [row] = await waitingFor(sql, cem);
    expect(row).toMatchObject({ subject: cem, audience: 'contacts', ev: null });
    expect(ChatChannelEvent.parse(row!.told)).toMatchObject({
      type: 'presence_resync',
      userId: cem,
    });
  });

  it('of many takes at most 100 conversations at once, with a record of each time', async () => {
    const [ann = ''] = await users(sql, 'ann');
    await sql`
      INSERT INTO conversations (id, kind, title, shard, created_by, last_seq, ev)
      SELECT gen_random_uuid(), 'group', 'many', n % 8, ${ann}, 1, 1 FROM generate_series(1, 250) n`;
    await sql`
      INSERT INTO dead_letters (outbox_id, shard, kind, conversation_id, ev, event_id, epoch, payload,
        created_at, reason, code, attempts)
      SELECT 1000000 + 2 * row_number() OVER (ORDER BY id) + twice, shard, 'event', id, 1,
        gen_random_uuid(), 'e', '{"type": "message", "message": {"seq": 1}}', clock_timestamp(), 'many', 42, 1
      FROM conversations, (VALUES (0), (1)) t (twice) WHERE title = 'many'`;
    const progress: number[] = [];
    const filter = { code: 42 };
    const outcome = await redrive(sql, {
      filter,
      deed,
      ring,
      onProgress: (done) => progress.push(done),
    });
    expect(outcome.letters).toBe(500);
    expect(progress).toEqual([200, 400, 500]);
    const actions = await listActions(sql, { limit: 3 });
    expect(actions.map((action) => action.outcome?.['conversations'])).toEqual([50, 100, 100]);
    const [resyncs] = await sql`
      SELECT count(*)::int, count(DISTINCT conversation_id)::int AS distinct FROM outbox
      WHERE conversation_id IN (SELECT id FROM conversations WHERE title = 'many')`;
    expect(resyncs).toEqual({ count: 250, distinct: 250 });
  });
});

describe('a filter of dead letters', () => {
  it('means those to which all of it applies', async () => {
    const { ann, conversationId } = await quietGroup();
    for (const code of [107, 102]) {
      await say(sql, { conversationId, senderId: ann });
      await bury(sql, { of: conversationId, code });
    }
    await sql`UPDATE dead_letters SET died_at = '2026-01-31T10:00:00Z'
      WHERE conversation_id = ${conversationId} AND code = 102`;
    const found = async (filter: Parameters<typeof planRedrive>[1]) =>
      (await planRedrive(sql, { conversationId, ...filter })).letters;
    expect(await found({})).toBe(2);
    expect(await found({ code: 102 })).toBe(1);
    expect(await found({ code: 103 })).toBe(0);
    expect(await found({ conversationId: randomUUID() })).toBe(0);
    expect(await found({ until: new Date('2026-01-31T10:00:00Z') })).toBe(0);
    expect(await found({ until: new Date('2026-01-31T10:00:01Z') })).toBe(1);
    expect(await found({ since: new Date('2026-01-31T10:00:00Z') })).toBe(2);
    expect(await found({ since: new Date('2026-01-31T10:00:01Z'), code: 107 })).toBe(1);
  });
});

describe('a dismissal', () => {
  it('closes letters, records who and why, and tells nobody', async () => {
    const { ann, conversationId } = await quietGroup();
    await say(sql, { conversationId, senderId: ann });
    const [id = 0] = await bury(sql, { of: conversationId });
    const before = await everythingStored(sql);
    const why = { operator: 'olga', reason: 'a test' };
    expect(await dismiss(sql, { filter: { ids: [id] }, deed: why })).toEqual({
      letters: 1,
      closed: 0,
      unknown: [],
    });
    const after = await everythingStored(sql);
    const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
    expect(changed.toSorted()).toEqual(['dead_letters', 'operator_actions']);
    const [latest] = await listActions(sql, { limit: 1 });
    expect(latest).toMatchObject({ ...why, action: 'dismiss', outcome: { letters: 1 } });
    expect(await closedBy(id)).toBe(latest!.id);
    expect(await dismiss(sql, { filter: { ids: [id] }, deed: why })).toMatchObject({
      letters: 0,
      closed: 1,
    });
  });
});
