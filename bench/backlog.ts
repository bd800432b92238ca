import type postgres from 'postgres';

import type { Group } from './groups.ts';

/** Where events are kept until they are to wait in the outbox. */
export type Aside = 'warm_up' | 'backlog';

/** People write a few short messages in a row. */
const BURST = 5;
/** How many write at once. A conversation is one writer's. */
const WRITERS = 4;

/**
 * Writes messages as the product does, by its own function, while nobody delivers: what waits after a long outage.
 * Bursts of all groups lie mixed. Each group gets as many, from its owner.
 */
export async function writeBacklog(
  sql: postgres.Sql,
  { groups, messagesEach }: { groups: readonly Group[]; messagesEach: number },
): Promise<void> {
  const shares = Array.from({ length: WRITERS }, (_, writer) =>
    groups.filter((_, place) => place % WRITERS === writer).map(({ id }) => id),
  );
  await Promise.all(
    shares.map(
      (ids) => sql`
        SELECT count(send_message(id, created_by, 'backlog-' || place, gen_random_uuid(), 'text',
          'This is message ' || place || ' of many that wait for somebody to deliver them, as after a night.',
          NULL, NULL, NULL))
        FROM (
          SELECT c.id, c.created_by, round * ${BURST}::int + n AS place
          FROM conversations c,
            generate_series(0, (${messagesEach}::int - 1) / ${BURST}::int) round,
            generate_series(1, ${BURST}::int) n
          WHERE round * ${BURST}::int + n <= ${messagesEach}::int AND c.id = ANY (${ids}::uuid[])
          ORDER BY round, c.id, n
        ) planned`,
    ),
  );
  await sql`VACUUM ANALYZE conversations, members, messages`;
}

/** In one transaction; more would walk over ever more versions of the same conversation. */
const ROWS_A_WRITE = 500;

/** So many messages into one group, from its owner. */
export async function writeInto(sql: postgres.Sql, group: Group, rows: number): Promise<void> {
  for (let from = 1; from <= rows; from += ROWS_A_WRITE) {
    const to = Math.min(rows, from + ROWS_A_WRITE - 1);
    await sql`
      SELECT count(send_message(${group.id}, ${group.ownerId}, 'backlog-' || n, gen_random_uuid(), 'text',
        'This is message ' || n || ' of a great many.', NULL, NULL, NULL))
      FROM generate_series(${from}::int, ${to}::int) n`;
  }
}

/** Takes what waits in the outbox out of it, for later. */
export async function setAside(sql: postgres.Sql, aside: Aside): Promise<void> {
  await sql`CREATE TABLE ${sql(aside)} AS SELECT * FROM outbox ORDER BY id`;
  await sql`TRUNCATE outbox`;
}

/**
 * Puts what was set aside into the outbox again, in its order and under new ids. Resolves when only the commit is
 * missing, by which all of it becomes visible at once.
 */
export async function insertAtOnce(
  sql: postgres.Sql,
  { aside, into }: { aside: Aside; into: 'outbox' | 'centrifugo_outbox' },
): Promise<() => Promise<void>> {
  const session = await sql.reserve();
  await session`BEGIN`;
  await session`
    INSERT INTO outbox (shard, kind, conversation_id, ev, event_id, epoch, payload, audience, audience_payload)
    SELECT shard, kind, conversation_id, ev, event_id, epoch, payload, audience, audience_payload
    FROM ${sql(aside)} ORDER BY id`;
  // As autovacuum would have by the end of an outage: nobody is to be planned for an empty table.
  await session`ANALYZE ${sql(into)}`;
  return async () => {
    await session`COMMIT`;
    session.release();
  };
}
