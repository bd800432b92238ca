import { conversationChannel } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { markRead } from '../../../core/chat/mark-read.ts';
import { openDirect } from '../../../core/chat/open-direct.ts';
import { newId } from '../../../core/new-id.ts';
import type { Fault, WireCommand } from '../../harness/faulty-centrifugo.ts';
import { say, users } from '../chat/people-in-sql.ts';
import { drainAll, drainOnRealParts, heldBy } from './drain-on-real-parts.ts';

const parts = await drainOnRealParts();
const { sql, between } = parts;
const { drain } = parts.worker('worker');

/** A direct conversation of two whose announcements are all delivered. */
async function quietPair() {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const opened = await openDirect(sql, { id: newId(), userId: ann, otherId: ben });
  if (opened.outcome === 'unknown_user') throw new Error('nobody there');
  const { conversationId, shard } = opened;
  await drainAll(drain);
  return {
    ann,
    ben,
    conversationId,
    shard,
    says: (times = 1) =>
      Promise.all(Array.from({ length: times }, () => say(sql, { conversationId, senderId: ann }))),
    reads: (seq: number) => markRead(sql, { conversationId, userId: ben, seq }),
  };
}

type Pair = Awaited<ReturnType<typeof quietPair>>;

const isReceipt = (command: WireCommand): boolean =>
  Object.values(command).some((params) => params['skip_history'] === true);

/** What was asked for beside the history, since then: the method, the channels and up to where. */
function receiptsSince(batch: number): unknown[] {
  return between.batches
    .slice(batch)
    .flat()
    .filter(isReceipt)
    .map((command) => {
      const [[method, params]] = Object.entries(command) as [[string, Record<string, unknown>]];
      expect(params).not.toHaveProperty('version');
      expect(params['idempotency_key']).toEqual(expect.any(String));
      const { lastReadSeq } = params['data'] as { lastReadSeq: number };
      return [method, params['channel'] ?? params['channels'], lastReadSeq];
    });
}

async function typesHeard({ conversationId }: Pair): Promise<unknown[]> {
  const publications = await parts.heard(conversationId);
  return publications.map(({ data }) => (data as { type: string }).type);
}

async function left(table: 'outbox' | 'dead_letters' | 'doubts'): Promise<number> {
  const [row] = await sql`SELECT count(*)::int AS count FROM ${sql(table)}`;
  return row!['count'] as number;
}

/** Reads, and nothing but the receipt is to be told of it: what the own devices are told is promised. */
async function readsUnseen({ reads }: Pair): Promise<void> {
  await reads(1);
  await sql`DELETE FROM outbox WHERE kind = 'event'`;
}

/** Centrifugo runs nothing of what is to stay out of the history, and says so with this code. */
function refuseReceipts(code: number): Fault {
  return async ({ commands, forward }) => {
    const replies = await forward(commands.filter((command) => !isReceipt(command)));
    const error = { error: { code, message: 'as Centrifugo says' } };
    const refused = ({ broadcast }: WireCommand): unknown =>
      broadcast ? { broadcast: { responses: [error] } } : error;
    return {
      replies: commands.map((command) => (isReceipt(command) ? refused(command) : replies.shift())),
    };
  };
}

describe('receipts', () => {
  it('of one reader on a page are told once, with the newest, beside the messages of their conversation', async () => {
    const pair = await quietPair();
    const since = between.batches.length;
    await pair.says(5);
    for (const seq of [1, 3, 4]) await pair.reads(seq);
    await drainAll(drain);
    expect(receiptsSince(since)).toEqual([
      ['publish', conversationChannel(pair.conversationId), 4],
      ['broadcast', [`chat:${pair.ann}`], 4],
    ]);
    expect(await left('outbox')).toBe(0);
  });

  it('are in no history, and leave the fence of the channel as it was', async () => {
    const pair = await quietPair();
    await pair.says();
    await pair.reads(1);
    await drainAll(drain);
    expect(await typesHeard(pair)).toEqual(['message']);
    await parts.direct.publish({
      channel: conversationChannel(pair.conversationId),
      data: { type: 'message', late: true },
      version: 1,
      versionEpoch: (await sql`SELECT current_epoch() AS epoch`)[0]!['epoch'] as string,
    });
    expect(await typesHeard(pair)).toEqual(['message']);
  });

  it('leave no row behind, while what the own devices are told is kept', async () => {
    const pair = await quietPair();
    await pair.says();
    await pair.reads(1);
    await drainAll(drain);
    const kept = await sql`
      SELECT ev::int, subject FROM deliveries
      WHERE conversation_id = ${pair.conversationId} AND ev IS DISTINCT FROM 0`;
    expect(kept.map(({ ev, subject }) => [ev, subject])).toEqual([
      [1, null],
      [null, pair.ben],
    ]);
  });

  it('that get no clear answer wait and are told again, and nobody is asked to read again', async () => {
    const pair = await quietPair();
    await pair.says();
    await drainAll(drain);
    await readsUnseen(pair);
    between.next(refuseReceipts(100));
    between.next(refuseReceipts(100));
    // Of a failure of its engine a worker is wary for some seconds, whatever met it.
    const wary = parts.worker('wary');
    expect((await heldBy(wary.drain(pair.shard))).kind).toBe('outage');
    expect(await left('outbox')).toBe(1);

    const since = between.batches.length;
    await pair.says();
    await drainAll(drain);
    expect(receiptsSince(since)).toHaveLength(2);
    expect(await typesHeard(pair)).toEqual(['message', 'message']);
    expect(await left('outbox')).toBe(0);
  });

  it('that were cut off on the way beget no resync of their own', async () => {
    const pair = await quietPair();
    await pair.says();
    await drainAll(drain);
    await readsUnseen(pair);
    between.next(async ({ forward }) => {
      await forward();
      return 'cut';
    });
    await drainAll(drain);
    expect(await typesHeard(pair)).toEqual(['message']);
    expect([await left('outbox'), await left('doubts')]).toEqual([0, 0]);
  });

  it('that are bad are buried, and their conversation goes on without a resync', async () => {
    const pair = await quietPair();
    await pair.says();
    await pair.reads(1);
    await pair.says();
    between.next(refuseReceipts(107));
    await drainAll(drain);
    expect(await typesHeard(pair)).toEqual(['message', 'message']);
    expect([await left('outbox'), await left('dead_letters')]).toEqual([0, 1]);
  });
});
