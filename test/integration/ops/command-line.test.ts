import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { openDrainQueue } from '../../../core/queue/drain-queue.ts';
import { cleanEnvironment } from '../../../embedded/clean-environment.ts';
import { freePort } from '../../../embedded/ports.ts';
import { QUICK_NODE } from '../../../embedded/quick-node.ts';
import { everythingStored } from '../../harness/everything-stored.ts';
import { databaseForFile, sharedServers } from '../../harness/in-file.ts';
import { openTestRedis } from '../../harness/redis.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { bury, deliver } from './dead-letters.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SECRET = 'the words of people';
const database = await databaseForFile();
const { sql } = database;

type Run = { code: number; out: string; err: string };

/** `ops.ts` as a process, with nothing in its environment but this. */
function ops(args: string[], env: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...QUICK_NODE.args, 'ops.ts', ...args],
      {
        cwd: ROOT,
        env: cleanEnvironment({ ...QUICK_NODE.env, DATABASE_URL: database.url, ...env }),
      },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

async function json(args: string[], env?: Record<string, string>) {
  const { code, out } = await ops([...args, '--json'], env);
  return { code, data: JSON.parse(out) };
}

let conversationId = '';
let letters: number[] = [];
beforeAll(async () => {
  const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
  conversationId = await group(sql, ann, ben);
  await deliver(sql, conversationId);
  await say(sql, {
    ...{ conversationId, senderId: ann, content: SECRET, metadata: { note: SECRET } },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
  await addMembers(sql, { conversationId, actorId: ann, userIds: [cem] });
  letters = await bury(sql, { of: conversationId });
});

describe('ops.ts as a process', () => {
  it('tells how delivery is doing, and that somebody should look', async () => {
    const { code, data } = await json(['status']);
    expect(code).toBe(1);
    expect(data).toMatchObject({ waiting: 0, deadLetters: 5 });
    expect(data.shards).toHaveLength(8);
    const { code: same, out } = await ops(['status']);
    expect(same).toBe(1);
    expect(out).toContain('5 dead letters open');
  });

  it('shows dead letters without what people wrote, unless it is asked for', async () => {
    const { code, data } = await json(['dead', 'list', '--conversation', conversationId]);
    expect(code).toBe(0);
    expect(data).toMatchObject([
      { id: letters[0], type: 'message', ev: 1, code: 107, missedUsers: null },
      { id: letters[1], kind: 'history_remove', type: null, ev: null },
      { id: letters[2], type: 'conversation_added', ev: 2 },
      { id: letters[3], type: 'member_joined', ev: 2 },
      { id: letters[4], type: 'message', ev: 3 },
    ]);
    const id = String(letters[0]);
    const shown = await json(['dead', 'show', id]);
    expect(shown.data).toMatchObject({
      id: letters[0],
      reason: '107: refused',
      closedBy: null,
      payload: { said: { type: 'message', message: { seq: 1, type: 'text' } } },
      audiencePayload: { said: { type: 'new_message', lastSeq: 1 } },
    });
    const everything = await json(['dead', 'show', id, '--payload']);
    expect(everything.data.payload.said.message).toMatchObject({ content: SECRET });
    expect((await ops(['dead', 'show', id, '--payload'])).out).toContain(SECRET);
    expect(everything.data.payload.bytes).toBe(shown.data.payload.bytes);
  });

  it.each([
    ['dead list', ['dead', 'list']],
    ['dead show', ['dead', 'show', 'LETTER']],
    ['redrive', ['redrive', '--all', '--dry-run']],
    ['audit', ['audit']],
  ])('shows nothing of what people wrote by %s', async (_, words) => {
    const args = words.map((word) => (word === 'LETTER' ? String(letters[0]) : word));
    for (const { out, err } of [await ops(args), await ops([...args, '--json'])]) {
      expect(out).not.toBe('');
      expect(out + err).not.toContain(SECRET);
    }
  });

  it('ends with 1 where something was asked for that there is not', async () => {
    const nowhere = '0197f3a0-0000-7000-8000-000000000001';
    const runs = await Promise.all([
      ops(['dead', 'show', '999999']),
      ops(['redrive', '999999', '--why', 'a test']),
      ops(['dismiss', '--code', '999', '--why', 'a test']),
      ops(['resync', '--conversation', nowhere, '--why', 'a test']),
      ops(['audit', '--conversation', nowhere]),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
    expect(await sql`SELECT FROM operator_actions`).toHaveLength(0);
  });

  it('ends with 2 and a word about it where it does not understand, and touches nothing', async () => {
    const before = await everythingStored(sql);
    const runs = await Promise.all([
      ops(['redrive', '--all']),
      ops(['destroy']),
      ops(['status', '--loud']),
      ops(['status'], { DATABASE_URL: 'mysql://elsewhere' }),
    ]);
    expect(runs.map(({ code, out }) => [code, out])).toEqual(runs.map(() => [2, '']));
    expect(runs.map(({ err }) => err).join()).toMatch(/--why[^]*destroy[^]*--loud[^]*DATABASE_URL/);
    expect(await everythingStored(sql)).toEqual(before);
  });

  it('ends with 1, soon, where Postgres is not there', async () => {
    const url = `postgres://rov:hidden@127.0.0.1:${await freePort()}/rov`;
    const { code, out, err } = await ops(['status'], { DATABASE_URL: url });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('ECONNREFUSED');
    expect(err).not.toContain('hidden');
  });

  it('explains itself', async () => {
    expect(await ops(['--help'])).toMatchObject({ code: 0, err: '' });
    expect((await ops(['redrive', '--help'])).out).toContain('--dry-run');
  });

  it('pauses and resumes, and writes down who and why', async () => {
    const as = ['--as', 'olga', '--why', 'restoring'];
    expect((await json(['pause', '--shard', '3', '--shard', '5', ...as])).data).toEqual({
      ...{ shards: 2, changed: 2, underWay: [] },
    });
    expect((await ops(['resume', '--all', '--why', 'restored'], { OPERATOR: 'victor' })).code).toBe(
      0,
    );
    const { data } = await json(['actions', '--limit', '2']);
    expect(data).toMatchObject([
      { operator: 'victor', action: 'resume', reason: 'restored', outcome: { changed: 2 } },
      { operator: 'olga', action: 'pause', target: { shards: [3, 5] } },
    ]);
    expect((await ops(['actions'])).out).toContain('olga');
  });

  it('redrives and rings the doorbell, and a second time does nothing', async () => {
    const redis = openTestRedis(sharedServers().redis);
    const env = { REDIS_URL: redis.url, QUEUE_PREFIX: redis.prefix };
    const dry = await json(['redrive', ...letters.map(String), '--dry-run']);
    expect(dry).toMatchObject({ code: 0, data: { dryRun: true, letters: 5 } });
    expect(dry.data.conversations).toMatchObject([
      { conversationId, members: 3, ev: 4, fromSeq: 1 },
    ]);

    const args = ['redrive', '--all', '--why', 'a test', '--as', 'olga'];
    const { code, out, err } = await ops(args, env);
    expect([code, out]).toEqual([0, expect.stringContaining('5 dead letters closed')]);
    expect(err).toBe('5 of 5 letters\n');
    const [home] = await sql`SELECT shard FROM conversations WHERE id = ${conversationId}`;
    const queue = openDrainQueue({ connection: redis.client, prefix: redis.prefix });
    expect((await queue.getWaiting()).map(({ data }) => data)).toEqual([{ shard: home!['shard'] }]);
    await redis.release();

    expect(await json(args)).toMatchObject({ code: 0, data: { letters: 0 } });
    expect((await json(['dead', 'show', String(letters[0])])).data).toMatchObject({
      closedBy: { what: 'redrive', operator: 'olga', reason: 'a test' },
    });
  });

  it('says that nobody heard the doorbell, and is done all the same', async () => {
    const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;
    const args = ['resync', '--conversation', conversationId, '--from-seq', '1', '--why', 'a test'];
    const { code, err } = await ops(args, { REDIS_URL });
    expect(code).toBe(0);
    expect(err).toContain('the sweeper delivers');
  });

  it('begins a new epoch after a restore, and tells who was active', async () => {
    const { code, data } = await json(['restored', '--why', 'the backup of 04:00', '--as', 'olga']);
    expect(code).toBe(0);
    expect(data.epoch.now).not.toBe(data.epoch.before);
    expect(data.conversations).toBe(1);
    expect((await json(['restored', '--no-resync', '--why', 'again'])).data.conversations).toBe(0);
  });

  it('bans, signs out and lets in again, and says where there is nobody of that id', async () => {
    const [ann = ''] = await users(sql, 'ann');
    for (const [words, said] of [
      [['ban', ann], 'is banned'],
      [['ban', ann], 'had been banned before'],
      [['unban', ann], 'may come in again'],
      [['unban', ann], 'was not banned'],
      [['sign-out', ann], 'is signed out everywhere'],
    ] as const) {
      const { code, out } = await ops([...words, '--why', 'a test']);
      expect([code, out]).toEqual([0, `${ann} ${said}\n`]);
    }
    expect(await json(['ban', ann, '--why', 'a test'])).toEqual({
      code: 0,
      data: { users: 1, changed: 1 },
    });
    expect(await json(['unban', 'nobody-here', '--why', 'a test'])).toEqual({
      code: 1,
      data: { users: 0, changed: 0 },
    });
    expect((await ops(['ban', '--why', 'a test'])).code).toBe(2);
    const { data } = await json(['actions', '--limit', '2']);
    expect(data).toMatchObject([{ action: 'unban' }, { action: 'ban', target: { userId: ann } }]);
  });

  it('audits: 0 where all is accounted for, 1 and where where it is not', async () => {
    const { code, data } = await json(['audit', '--since', '1h']);
    expect(code).toBe(0);
    expect(data).toMatchObject({ sound: true, conversations: 1, closed: 3 });
    await sql`DELETE FROM dead_letters WHERE outbox_id = ${letters[0]!}`;
    const found = await json(['audit', '--conversation', conversationId]);
    expect(found.code).toBe(1);
    expect(found.data).toMatchObject({
      sound: false,
      lost: { count: 1, examples: [{ conversationId, number: 1 }] },
    });
    const { code: same, out, err } = await ops(['audit']);
    expect(same).toBe(1);
    expect(out).toMatch(new RegExp(`^lost +1 +${conversationId} ev 1$`, 'm'));
    expect(err).toBe('1 of 1 conversations\n');
  });
});
