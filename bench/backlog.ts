import type postgres from 'postgres';

export type Backlog = {
  conversations: number;
  membersEach: number;
  messagesEach: number;
};

/**
 * Writes messages as the product does, by its own function, while nobody delivers: what waits after a long outage.
 * The first member of each group is its sender, the others listen.
 */
export async function writeBacklog(
  sql: postgres.Sql,
  { conversations, membersEach, messagesEach }: Backlog,
): Promise<void> {
  await sql`
    INSERT INTO users (id, name, shard)
    SELECT 'bench-' || n, 'Bench ' || n, n % 8 FROM generate_series(1, ${conversations * membersEach}::int) n`;
  await sql`
    SELECT create_group(gen_random_uuid(), 'bench-' || first, 'group', 'Group ' || first,
      ARRAY(SELECT 'bench-' || m FROM generate_series(first + 1, first + ${membersEach - 1}::int) m))
    FROM generate_series(1, ${conversations * membersEach}::int, ${membersEach}::int) first`;
  // Round by round, so that the events of all conversations lie mixed, as people write them.
  const shares = Array.from({ length: 4 }, (_, share) => share);
  await Promise.all(
    shares.map(
      (share) => sql`
        SELECT count(send_message(c.id, c.created_by, 'message-' || n, gen_random_uuid(), 'text',
          'This is message ' || n || ' of many that wait for somebody to deliver them, as after a night.',
          NULL, NULL, NULL))
        FROM generate_series(1, ${messagesEach}::int) n,
          (SELECT id, created_by FROM conversations ORDER BY id) c
        WHERE abs(hashtext(c.id::text)) % ${shares.length}::int = ${share}::int`,
    ),
  );
}
