import { createCentrifugeServerClient, rawJson } from '@rov/realtime/server';

import { allShards } from '../core/outbox/shards.ts';
import { createDoorbell } from '../core/queue/doorbell.ts';
import { openDrainQueue } from '../core/queue/drain-queue.ts';
import type { Servers } from '../test/harness/servers.ts';
import { startStack } from '../test/harness/stack.ts';
import type { Stack } from '../test/harness/stack.ts';
import { until } from '../test/harness/until.ts';
import { writeBacklog } from './backlog.ts';
import type { Backlog } from './backlog.ts';
import { publishAtOnce } from './dual-write.ts';
import { startWitness } from './witness.ts';

/** Conversations whose every message is awaited at a socket. */
const WATCHED = 20;
const AT_ONCE = 32;

export type CatchUp = {
  /** Events a second, of the shipped worker. */
  ours: number;
  /** The same events, published and broadcast one by one. */
  dualWrite: number;
  events: number;
};

/**
 * How fast a backlog is delivered. Ours is a worker as it is shipped, from its first acknowledgement to its last, with
 * order and count checked at a socket. The reference delivers a part of the same events with two requests for each, 32
 * at once, and needs no database for it: it keeps no order and could not say what it has delivered.
 */
export async function measureCatchUp(
  servers: Servers,
  backlog: Backlog & { byDualWrite: number },
): Promise<CatchUp> {
  const stack = await startStack(servers, { workers: 0 });
  try {
    const { sql } = stack.database;
    await writeBacklog(sql, backlog);
    const published = await rememberSome(sql, backlog.byDualWrite);
    const witness = await watchSome(stack);
    await stack.startWorker({ LOG_LEVEL: 'warn' });
    await ringAll(stack);
    await until(async () => (await sql`SELECT FROM outbox LIMIT 1`).length === 0, {
      timeoutMs: 120_000,
      what: 'the backlog to be delivered',
    });
    const [took] = await sql`
      SELECT count(*)::int AS events,
        extract(epoch FROM max(acknowledged_at) - min(acknowledged_at))::float AS seconds
      FROM deliveries`;
    await checkHeard(witness, backlog.messagesEach);
    for (const worker of stack.workers) await worker.stop();
    const { events, seconds } = took as unknown as { events: number; seconds: number };
    return { ours: events / seconds, dualWrite: await publishAll(stack, published), events };
  } finally {
    await stack.stop();
  }
}

type Waiting = { conversationId: string; payload: string; notice: string; audience: string[] };

async function rememberSome(sql: Stack['database']['sql'], count: number): Promise<Waiting[]> {
  return sql<Waiting[]>`
    SELECT conversation_id AS "conversationId", payload, audience_payload AS notice,
      ARRAY(SELECT user_id FROM members m WHERE m.conversation_id = o.conversation_id) AS audience
    FROM outbox o WHERE payload IS NOT NULL ORDER BY id LIMIT ${count}`;
}

/** Somebody who came into some groups at the end of the night, and hears what is delivered from then on. */
async function watchSome(stack: Stack) {
  const { sql } = stack.database;
  const person = await stack.people.person('Witness');
  const watched = await sql`
    INSERT INTO members (conversation_id, user_id, role, joined_seq, joined_ev, last_read_seq)
    SELECT id, ${person.id}, 'member', 1, 0, 0 FROM conversations ORDER BY id LIMIT ${WATCHED}
    RETURNING conversation_id AS id`;
  const conversationIds = watched.map(({ id }) => id as string);
  const witness = await startWitness({ person, conversationIds, url: stack.centrifugo.wsUrl });
  return { ...witness, conversationIds };
}

async function ringAll({ redis }: Stack): Promise<void> {
  const queue = openDrainQueue({ connection: redis.client, prefix: redis.prefix });
  const bell = createDoorbell(queue, (error) => {
    throw error;
  });
  for (const shard of allShards) bell.ring(shard);
  await bell.settled();
  await queue.close();
}

async function checkHeard(
  witness: Awaited<ReturnType<typeof watchSome>>,
  messagesEach: number,
): Promise<void> {
  const wanted = witness.conversationIds.length * messagesEach;
  await until(() => witness.heard.length >= wanted, {
    timeoutMs: 10_000,
    what: () => `${wanted} messages at the socket; ${witness.heard.length} came`,
  });
  witness.close();
  for (const id of witness.conversationIds) {
    const heard = witness.heard.filter(({ conversationId }) => conversationId === id);
    const places = heard.map(({ clientId }) => Number(clientId.replace('message-', '')));
    const inOrder = places.every((place, index) => place === index + 1);
    if (!inOrder || places.length !== messagesEach) {
      throw new Error(`not in order, or not once: ${places.slice(0, 20).join(' ')} … in ${id}`);
    }
  }
}

/** Events a second. */
async function publishAll({ centrifugo }: Stack, events: readonly Waiting[]): Promise<number> {
  const { url, apiKey } = centrifugo;
  const client = createCentrifugeServerClient({ url, apiKey, connections: AT_ONCE });
  let next = 0;
  const began = performance.now();
  const publishing = Array.from({ length: AT_ONCE }, async () => {
    for (let event = events[next++]; event; event = events[next++]) {
      const { conversationId, audience, payload, notice } = event;
      await publishAtOnce(client, {
        conversationId,
        audience,
        event: rawJson(payload),
        notice: rawJson(notice),
      });
    }
  });
  await Promise.all(publishing);
  const seconds = (performance.now() - began) / 1_000;
  await client.close();
  return events.length / seconds;
}
