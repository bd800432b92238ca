import { conversationChannel } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { readPage, type OutboxRow } from '../../../core/outbox/read-page.ts';
import { allShards } from '../../../core/outbox/shards.ts';
import { freePort } from '../../../embedded/ports.ts';
import { announcementsOf } from '../../../worker/publish.ts';
import { centrifugoIsGiven } from '../../harness/centrifugo.ts';
import type { Fault, WireCommand } from '../../harness/faulty-centrifugo.ts';
import { until } from '../../harness/until.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { drainAll, drainOnRealParts, heldBy } from './drain-on-real-parts.ts';

const parts = await drainOnRealParts();
const { sql, between } = parts;
const { drain } = parts.worker('worker');

const commandsOf = (row: OutboxRow) => announcementsOf(row).map(({ command }) => command);

const WIDE = { rows: 400, bytes: 1_000_000, listeners: 20_000 };

/** A group of two whose own announcement is delivered already. */
async function quietGroup(): Promise<{ conversationId: string; senderId: string; shard: number }> {
  const [senderId = '', other = ''] = await users(sql, 'ann', 'ben');
  const conversationId = await group(sql, senderId, other);
  const shard = await parts.shardOf(conversationId);
  await drain(shard);
  return { conversationId, senderId, shard };
}

/** Another quiet group whose events travel in the same shard. */
async function neighbourOf(shard: number): Promise<{ conversationId: string; senderId: string }> {
  for (;;) {
    const lane = await quietGroup();
    if (lane.shard === shard) return lane;
  }
}

async function sayMany(
  lane: { conversationId: string; senderId: string },
  ...contents: string[]
): Promise<void> {
  for (const content of contents) await say(sql, { ...lane, content });
}

async function eventsHeard(conversationId: string): Promise<unknown[]> {
  const publications = await parts.heard(conversationId);
  return publications.map(({ data }) => {
    const { ev, type, message, fromSeq } = data as {
      ev: number;
      type: string;
      message?: { content: string };
      fromSeq?: number;
    };
    return [ev, type === 'message' ? message!.content : `${type} from ${fromSeq}`];
  });
}

/** What `chat:{userId}` keeps. */
async function heardBy(userId: string): Promise<[number, string][]> {
  const { publications } = await parts.direct.history({ channel: `chat:${userId}`, limit: -1 });
  return publications.map(({ data }) => {
    const { ev, type } = data as { ev: number; type: string };
    return [ev, type];
  });
}

async function deadOf(conversationId: string): Promise<number> {
  const [row] = await sql`
    SELECT count(*)::int AS count FROM dead_letters WHERE conversation_id = ${conversationId}`;
  return row!['count'] as number;
}

const keysOf = (batch: WireCommand[]): unknown[] =>
  batch.flatMap((command) => Object.values(command).map((params) => params['idempotency_key']));

const toConversation = (commands: WireCommand[], ev: number): number =>
  commands.findIndex(({ publish }) => publish?.['version'] === ev);

/** Centrifugo never runs the publication of this number, and says so with this code. */
function refuse(ev: number, error: { code: number; message: string }): Fault {
  return async ({ commands, forward }) => {
    const at = toConversation(commands, ev);
    const replies = await forward(commands.toSpliced(at, 1));
    return { replies: replies.toSpliced(at, 0, { error }) };
  };
}

/** Centrifugo runs everything, and yet answers one publication with this code. */
function runButDeny(ev: number, error: { code: number; message: string }): Fault {
  return async ({ commands, forward }) => {
    const replies = await forward();
    return { replies: replies.with(toConversation(commands, ev), { error }) };
  };
}

describe('a drain', () => {
  it('delivers in the order of the commits, however many write at once and however small the pages are', async () => {
    const lanes = await Promise.all([1, 2, 3].map(() => quietGroup()));
    await Promise.all(
      Array.from({ length: 90 }, (_, n) => say(sql, { ...lanes[n % 3]!, content: `${n}` })),
    );
    const small = parts.worker('small pages', { bounds: { rows: 7 } });
    await drainAll(small.drain);
    expect(await parts.waiting()).toBe(0);
    for (const { conversationId } of lanes) {
      const messages = await sql`
        SELECT seq::int, content FROM messages WHERE conversation_id = ${conversationId} ORDER BY seq`;
      expect(messages).toHaveLength(30);
      expect(await eventsHeard(conversationId)).toEqual(
        messages.map((row) => [row['seq'], row['content']]),
      );
    }
  });

  it('is one at a time: a second one on the same shard is told so and sends nothing', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one');
    const second = parts.worker('second');
    let answer: unknown;
    const batchesBefore = between.batches.length;
    between.next(async ({ forward }) => {
      answer = await second.drain(lane.shard);
      return { replies: await forward() };
    });
    await drain(lane.shard);
    expect(answer).toMatchObject({ endedBy: 'busy', delivered: 0 });
    expect(between.batches).toHaveLength(batchesBefore + 1);
    expect(await eventsHeard(lane.conversationId)).toEqual([[1, 'one']]);
  });

  it('keeps the order when two workers drain everything while others write', async () => {
    const lanes = await Promise.all([1, 2, 3, 4].map(() => quietGroup()));
    const workers = [parts.worker('one', { bounds: { rows: 5 } }), parts.worker('two')];
    const writing = new AbortController();
    const draining = workers.map(async (worker) => {
      while (!writing.signal.aborted || (await parts.waiting()) > 0)
        for (const shard of allShards) await worker.drain(shard);
    });
    for (let n = 0; n < 25; n += 1) {
      await Promise.all(lanes.map((lane) => say(sql, { ...lane, content: `${n}` })));
    }
    writing.abort();
    await Promise.all(draining);
    const expected = Array.from({ length: 25 }, (_, n) => [n + 1, `${n}`]);
    for (const { conversationId } of lanes)
      expect(await eventsHeard(conversationId)).toEqual(expected);
  });

  it('writes down what it delivered: event, number, position, and no content', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'confidential');
    const [row] =
      await sql`SELECT event_id FROM outbox WHERE conversation_id = ${lane.conversationId}`;
    await drain(lane.shard);
    const [delivery] =
      await sql`SELECT *, ev::int AS number FROM deliveries WHERE event_id = ${row!['event_id']}`;
    expect(delivery).toMatchObject({
      conversation_id: lane.conversationId,
      number: 1,
      stream_offset: '1',
      attempts: 1,
      worker: 'worker',
    });
    expect(JSON.stringify(delivery)).not.toContain('confidential');
  });

  it('leaves a paused shard alone', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one');
    await sql`UPDATE shards SET paused = true WHERE shard = ${lane.shard}`;
    expect(await drain(lane.shard)).toMatchObject({ endedBy: 'paused', delivered: 0 });
    await sql`UPDATE shards SET paused = false WHERE shard = ${lane.shard}`;
    expect(await drain(lane.shard)).toMatchObject({ endedBy: 'empty', delivered: 1 });
  });
});

describe('a delivery without a clear answer', () => {
  it('is repeated with the same key, is heard once, and is followed by a resync', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one', 'two');
    const from = between.batches.length;
    between.next(async ({ forward }) => {
      await forward();
      return 'cut';
    });
    await drain(lane.shard);
    await drain(lane.shard);
    const [first = [], second = []] = between.batches.slice(from);
    expect(keysOf(first)).not.toContain(undefined);
    expect(keysOf(second)).toEqual(keysOf(first));
    expect(await eventsHeard(lane.conversationId)).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'resync from 1'],
    ]);
    expect(await parts.waiting()).toBe(0);
  });

  it('that timed out keeps its place, and the resync comes with the repeat, whoever makes it', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one');
    between.next(async ({ forward }) => {
      await forward();
      return 'silence';
    });
    between.next(async () => 'silence');
    expect(await heldBy(drain(lane.shard))).toMatchObject({ kind: 'outage' });
    const [state] =
      await sql`SELECT failures, last_error, held FROM shards WHERE shard = ${lane.shard}`;
    expect(state).toMatchObject({ failures: 1, held: null });

    const { drain: another } = parts.worker('another');
    await another(lane.shard);
    await another(lane.shard);
    expect(await eventsHeard(lane.conversationId)).toEqual([
      [1, 'one'],
      [2, 'resync from 1'],
    ]);
    const [after] = await sql`
      SELECT failures, last_error, ambiguous_through FROM shards WHERE shard = ${lane.shard}`;
    expect(after).toEqual({ failures: 0, last_error: null, ambiguous_through: null });
  });

  it('that never reached Centrifugo is repeated without a resync', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one');
    const nowhere = parts.worker('nowhere', { url: `http://127.0.0.1:${await freePort()}` });
    expect(await heldBy(nowhere.drain(lane.shard))).toMatchObject({ kind: 'outage' });
    await drain(lane.shard);
    await drain(lane.shard);
    expect(await eventsHeard(lane.conversationId)).toEqual([[1, 'one']]);
  });
});

describe('a page whose worker died before it could write down what Centrifugo said', () => {
  it('is followed by a resync when an event in it was fenced by its successor, and by none otherwise', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'heard before', 'fenced', 'heard in its place');
    const { rows } = await readPage(sql, { shard: lane.shard, bounds: WIDE });
    const ofLane = rows.filter(({ conversationId }) => conversationId === lane.conversationId);
    const [first, , third] = ofLane;
    // What the dead worker's batch came to: its second command failed, and nobody noted that.
    await parts.direct.batch([first!, third!].flatMap(commandsOf));
    await drainAll(drain);
    expect(await eventsHeard(lane.conversationId)).toEqual([
      [1, 'heard before'],
      [3, 'heard in its place'],
      [4, 'resync from 2'],
    ]);

    await sayMany(lane, 'all is well');
    const {
      rows: [again],
    } = await readPage(sql, { shard: lane.shard, bounds: WIDE });
    await parts.direct.batch(commandsOf(again!));
    await sayMany(lane, 'and goes on');
    await drainAll(drain);
    expect((await eventsHeard(lane.conversationId)).slice(3)).toEqual([
      [5, 'all is well'],
      [6, 'and goes on'],
    ]);
  });
});

describe('a command of a batch that fails', () => {
  it('holds back its own conversation behind it and nobody else’s', async () => {
    const lane = await quietGroup();
    const neighbour = await neighbourOf(lane.shard);
    await sayMany(lane, 'one', 'two', 'three');
    await sayMany(neighbour, 'uno', 'due', 'tre');
    between.next(runButDeny(2, { code: 100, message: 'internal server error' }));
    expect(await heldBy(drain(lane.shard))).toMatchObject({ kind: 'outage' });
    const left = await sql`
      SELECT conversation_id, ev::int FROM outbox WHERE shard = ${lane.shard} ORDER BY id`;
    expect(left.map((row) => [row['conversation_id'], row['ev']])).toEqual([
      [lane.conversationId, 2],
      [lane.conversationId, 3],
    ]);

    await drain(lane.shard);
    await drain(lane.shard);
    expect(await eventsHeard(lane.conversationId)).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
      [4, 'resync from 2'],
    ]);
    expect(await eventsHeard(neighbour.conversationId)).toEqual([
      [1, 'uno'],
      [2, 'due'],
      [3, 'tre'],
    ]);
  });

  it.each([
    ['may have been stored', { code: 100, message: 'internal server error' }],
    ['was surely not stored', { code: 111, message: 'too many requests' }],
    ['is not configured', { code: 108, message: 'not available' }],
  ])(
    'and is fenced on its repeat, because a later one came through, is announced as lost when it %s',
    async (_, error) => {
      const lane = await quietGroup();
      await sayMany(lane, 'one', 'two', 'three');
      between.next(refuse(2, error));
      await heldBy(drain(lane.shard));
      await drain(lane.shard);
      await drain(lane.shard);
      const heard = await eventsHeard(lane.conversationId);
      // Centrifugo holds 3 already, so it drops 2 and acknowledges it all the same: only a resync tells.
      expect(heard.slice(0, 2)).toEqual([
        [1, 'one'],
        [3, 'three'],
      ]);
      expect(heard.at(-1)).toEqual([4, 'resync from 2']);
      expect(await parts.waiting()).toBe(0);
    },
  );

  it('because the row itself is bad goes to the dead letters, and those who listen are told to look again', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one', 'two', 'three');
    between.next(refuse(2, { code: 107, message: 'bad request' }));
    expect(await drain(lane.shard)).toMatchObject({ delivered: 2, dead: 1 });
    await drain(lane.shard);
    expect(await eventsHeard(lane.conversationId)).toEqual([
      [1, 'one'],
      [3, 'three'],
      [4, 'resync from 2'],
    ]);
    const dead = await sql`
      SELECT ev::int, code, reason, attempts, payload::jsonb->'message'->>'content' AS content
      FROM dead_letters WHERE conversation_id = ${lane.conversationId}`;
    expect([...dead]).toEqual([
      { ev: 2, code: 107, reason: '107: bad request', attempts: 1, content: 'two' },
    ]);
  });
});

describe('a fault of configuration', () => {
  it('holds the shard with Centrifugo’s own words, and ends by itself once it is mended', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one');
    const stranger = parts.worker('stranger', { apiKey: 'not-the-key', url: parts.centrifugo.url });
    expect(await heldBy(stranger.drain(lane.shard))).toMatchObject({ kind: 'configuration' });
    const [held] = await sql`SELECT held, failures FROM shards WHERE shard = ${lane.shard}`;
    expect(held).toEqual({ held: expect.stringContaining('401'), failures: 1 });
    expect(await parts.waiting()).toBe(1);

    await drain(lane.shard);
    await drain(lane.shard);
    expect(await eventsHeard(lane.conversationId)).toEqual([[1, 'one']]);
    const [mended] = await sql`SELECT held, failures FROM shards WHERE shard = ${lane.shard}`;
    expect(mended).toEqual({ held: null, failures: 0 });
  });
});

describe.skipIf(centrifugoIsGiven)('an outage', () => {
  it('dead-letters nobody, and ends with everything delivered in order', async () => {
    const lane = await quietGroup();
    await parts.centrifugo.kill();
    await sayMany(lane, 'one', 'two');
    for (let attempt = 0; attempt < 5; attempt += 1) await heldBy(drain(lane.shard));
    expect(await parts.waiting()).toBe(2);
    await parts.centrifugo.restart();
    await drain(lane.shard);
    await drain(lane.shard);
    const heard = (await eventsHeard(lane.conversationId)) as [number, string][];
    expect(heard.filter(([, what]) => !what.startsWith('resync'))).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    expect(await deadOf(lane.conversationId)).toBe(0);
  });
});

/** Breaks the connection of every request with that in it, before Centrifugo sees any of it. */
const breaksAt =
  (ev: number, conversationId: string): Fault =>
  async ({ commands, forward }) =>
    commands.some(
      ({ publish }) =>
        publish?.['version'] === ev && publish['channel'] === conversationChannel(conversationId),
    )
      ? 'cut'
      : { replies: await forward() };

describe('a row that breaks whatever carries it', () => {
  it('is found by halving and buried alone; the rest goes on in order, and its listeners look again', async () => {
    const lane = await quietGroup();
    const neighbour = await neighbourOf(lane.shard);
    const ten = Array.from({ length: 10 }, (_, n) => `${n + 1}`);
    await sayMany(neighbour, ...ten);
    await sayMany(lane, ...ten);
    between.always(breaksAt(4, lane.conversationId));
    try {
      await drainAll(drain);
    } finally {
      between.always(undefined);
    }
    expect((await eventsHeard(neighbour.conversationId)).slice(0, 10)).toEqual(
      ten.map((content, n) => [n + 1, content]),
    );
    const heard = (await eventsHeard(lane.conversationId)) as [number, string][];
    expect(heard.filter(([, what]) => !what.startsWith('resync'))).toEqual(
      ten.map((content, n) => [n + 1, content]).filter(([ev]) => ev !== 4),
    );
    expect(heard.at(-1)![1]).toMatch(/^resync from/);
    const dead = await sql`
      SELECT ev::int, code, attempts FROM dead_letters WHERE conversation_id = ${lane.conversationId}`;
    expect([...dead]).toEqual([{ ev: 4, code: null, attempts: 1 }]);
    expect(await parts.waiting()).toBe(0);
  });

  it('is not called bad while Centrifugo is not otherwise fine', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one');
    between.always(async () => 'cut');
    try {
      for (let time = 0; time < 8; time += 1) {
        expect(await heldBy(drain(lane.shard))).toMatchObject({ kind: 'outage' });
      }
    } finally {
      between.always(undefined);
    }
    // The circuit lets the next one through when its wait is over.
    await until(
      () =>
        drain(lane.shard).then(
          () => true,
          () => false,
        ),
      {
        timeoutMs: 5_000,
        what: 'a drain that is let through',
      },
    );
    await drainAll(drain);
    expect((await eventsHeard(lane.conversationId))[0]).toEqual([1, 'one']);
    expect(await deadOf(lane.conversationId)).toBe(0);
  });

  it('is not called bad because its answers are lost now and then', async () => {
    const lane = await quietGroup();
    await sayMany(lane, ...Array.from({ length: 20 }, (_, n) => `${n + 1}`));
    // Two of three, in no order that the drain could fall in step with.
    let dice = 1;
    between.always(async ({ forward }) => {
      dice = (dice * 48_271) % 2_147_483_647;
      const replies = await forward();
      return dice % 3 === 0 ? { replies } : 'cut';
    });
    try {
      for (let round = 0; round < 40 && (await parts.waiting()) > 0; round += 1) {
        await drain(lane.shard).catch(() => undefined);
      }
    } finally {
      between.always(undefined);
    }
    await drainAll(drain);
    expect(await deadOf(lane.conversationId)).toBe(0);
    const heard = (await eventsHeard(lane.conversationId)) as [number, string][];
    expect(heard.map(([ev]) => ev)).toEqual(heard.map((_, n) => n + 1));
  });
});

describe('a broadcast of which a part fails', () => {
  /** Centrifugo broadcasts to all channels but this one, and says so with this code. */
  const refuseChannel =
    (channel: string, error: { code: number; message: string }): Fault =>
    async ({ commands, forward }) => {
      const without = commands.map((command) =>
        command['broadcast']
          ? {
              broadcast: {
                ...command['broadcast'],
                channels: (command['broadcast']['channels'] as string[]).filter(
                  (each) => each !== channel,
                ),
              },
            }
          : command,
      );
      const replies = (await forward(without)) as {
        broadcast?: { responses: unknown[] };
      }[];
      return {
        replies: replies.map((reply, index) => {
          const at = (commands[index]!['broadcast']?.['channels'] as string[] | undefined)?.indexOf(
            channel,
          );
          if (at === undefined || at < 0) return reply;
          return {
            broadcast: {
              responses: (reply.broadcast?.responses ?? []).toSpliced(at, 0, { error }),
            },
          };
        }),
      };
    };

  it('is repeated for that part alone, at once', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one');
    const from = between.batches.length;
    between.next(refuseChannel(`chat:${lane.senderId}`, { code: 100, message: 'internal' }));
    expect(await drain(lane.shard)).toMatchObject({ delivered: 1 });
    const repeat = between.batches[from + 1]!;
    expect(repeat.map(({ broadcast }) => broadcast?.['channels'])).toEqual([
      [`chat:${lane.senderId}`],
    ]);
    await drainAll(drain);
    expect(await heardBy(lane.senderId)).toContainEqual([1, 'new_message']);
  });

  it('buries only those whom it cannot reach, and is delivered to the rest', async () => {
    const lane = await quietGroup();
    await sayMany(lane, 'one');
    between.next(refuseChannel(`chat:${lane.senderId}`, { code: 107, message: 'bad request' }));
    expect(await drain(lane.shard)).toMatchObject({ delivered: 1, dead: 0 });
    const dead = await sql`
      SELECT ev::int, code, users FROM dead_letters WHERE conversation_id = ${lane.conversationId}`;
    expect([...dead]).toEqual([{ ev: 1, code: 107, users: [lane.senderId] }]);
    const [delivery] = await sql`
      SELECT count(*)::int AS count FROM deliveries
      WHERE conversation_id = ${lane.conversationId} AND ev = 1`;
    expect(delivery).toEqual({ count: 1 });
  });
});

describe('a conversation that has to wait', () => {
  it('holds up nobody else of its shard, however much of it waits', async () => {
    const lane = await quietGroup();
    const neighbour = await neighbourOf(lane.shard);
    await sayMany(lane, ...Array.from({ length: 30 }, (_, n) => `${n + 1}`));
    await sayMany(neighbour, 'behind them all');
    const narrow = parts.worker('narrow', { bounds: { rows: 10 }, turnMs: 60_000 });
    // Its part of the engine is away: whatever is published there fails.
    between.always(async ({ commands, forward }) => {
      const replies = [];
      for (const command of commands) {
        const isThere =
          command['publish']?.['channel'] !== conversationChannel(lane.conversationId);
        if (!isThere) replies.push({ error: { code: 100, message: 'internal' } });
        else replies.push(...(await forward([command])));
      }
      return { replies };
    });
    try {
      // The first page may hold nothing but rows of the stuck one.
      await sql`
        INSERT INTO outbox (shard, kind, subject, event_id, epoch, audience, audience_payload)
        VALUES (${lane.shard}, 'event', ${lane.senderId}, gen_random_uuid(), 'e', 'subject', '{}')`;
      expect(await heldBy(narrow.drain(lane.shard))).toMatchObject({ kind: 'outage' });
    } finally {
      between.always(undefined);
    }
    const left = await sql`
      SELECT DISTINCT conversation_id AS id FROM outbox WHERE shard = ${lane.shard}`;
    expect(left.map(({ id }) => id)).toEqual([lane.conversationId]);
    expect(await eventsHeard(neighbour.conversationId)).toEqual([[1, 'behind them all']]);
    await drainAll(drain);
    expect((await eventsHeard(lane.conversationId)).slice(0, 30)).toEqual(
      Array.from({ length: 30 }, (_, n) => [n + 1, `${n + 1}`]),
    );
  });
});

describe('one user in two conversations whose numbers lie far apart', () => {
  it('hears both on the channel that they share', async () => {
    const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
    const busy = await group(sql, ann, ben);
    const calm = await group(sql, ann, ben);
    await sql`UPDATE conversations SET ev = 100000, last_seq = 100000 WHERE id = ${busy}`;
    for (let time = 0; time < 3; time += 1) {
      await say(sql, { conversationId: busy, senderId: ann });
      await say(sql, { conversationId: calm, senderId: ann });
    }
    await drainAll(drain);
    const numbers = (await heardBy(ben)).filter(([, type]) => type === 'new_message');
    expect(numbers.map(([ev]) => ev).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 100_001, 100_002, 100_003,
    ]);
  });
});

describe('a large audience', () => {
  it('is reached in several requests, each of them told who was a member then', async () => {
    const [ann = ''] = await users(sql, 'ann');
    const conversationId = await group(sql, ann);
    await sql`
      WITH everybody AS (
        INSERT INTO users (id, name, shard)
        SELECT 'listener-' || n, 'Listener', 0 FROM generate_series(1, 25000) n RETURNING id
      )
      INSERT INTO members (conversation_id, user_id, role, joined_seq, joined_ev, last_read_seq)
      SELECT ${conversationId}, id, 'member', 1, 1, 0 FROM everybody`;
    await sql`UPDATE conversations SET member_count = 25001 WHERE id = ${conversationId}`;
    const shard = await parts.shardOf(conversationId);
    await sayMany({ conversationId, senderId: ann }, 'to everybody', 'and again');
    const from = between.batches.length;
    while ((await parts.waiting()) > 0) await drain(shard);
    const sizes = between.batches
      .slice(from)
      .map((batch) =>
        batch.reduce(
          (sum, { broadcast }) => sum + ((broadcast?.['channels'] as [])?.length ?? 0),
          0,
        ),
      );
    expect(sizes.slice(-4)).toEqual([20_000, 5_001, 20_000, 5_001]);
    for (const listener of ['listener-1', 'listener-25000', ann]) {
      const heard = (await heardBy(listener)).filter(([, type]) => type === 'new_message');
      expect(heard.map(([ev]) => ev)).toEqual([1, 2]);
    }
  });
});
