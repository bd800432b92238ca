import type postgres from 'postgres';

/** Whom the witness listens for: a member of some groups, by name the last one, with a `chat:*` of their own. */
export const LISTENER = 'the-listener';

export type Group = { id: string; ownerId: string; shard: number; hasListener: boolean };

/**
 * Groups of members of their own, the first of whom owns the group and sends. In the first `listenedTo` of them is the
 * listener, too. What announces the groups is left in the outbox.
 */
export async function makeGroups(
  sql: postgres.Sql,
  wanted: {
    conversations: number;
    membersEach: number;
    listenedTo: number;
    /** More people than are in the groups. */
    people?: number;
  },
): Promise<Group[]> {
  const { conversations, membersEach, listenedTo, people = 0 } = wanted;
  await makePeople(sql, Math.max(people, conversations * membersEach));
  await sql`
    SELECT create_group(gen_random_uuid(), person(membersEach * n + 1), 'bench-' || n, 'Group ' || n,
      ARRAY(SELECT person(membersEach * n + m) FROM generate_series(2, membersEach) m)
        || CASE WHEN n < ${listenedTo}::int THEN ARRAY[${LISTENER}] ELSE '{}' END)
    FROM generate_series(0, ${conversations}::int - 1) n, (SELECT ${membersEach}::int AS membersEach) s`;
  // As autovacuum would have by then. Never a table without rows: plans that are made for it are kept.
  await sql`VACUUM ANALYZE users, conversations, members`;
  return sql<Group[]>`
    SELECT id, created_by AS "ownerId", shard, EXISTS (
      SELECT FROM members m WHERE m.conversation_id = c.id AND m.user_id = ${LISTENER}) AS "hasListener"
    FROM conversations c ORDER BY created_by`;
}

/** `person(1)` and so on, and the listener. */
async function makePeople(sql: postgres.Sql, count: number): Promise<void> {
  await sql`
    CREATE FUNCTION person(n int) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN 'person-' || lpad(n::text, 6, '0')`;
  await sql`
    INSERT INTO users (id, name, shard)
    SELECT person(n), 'Person ' || n, shard_of(person(n)) FROM generate_series(1, ${count}::int) n
    UNION ALL SELECT ${LISTENER}, 'Listener', shard_of(${LISTENER}::text)`;
}
