import type { TestDatabase } from '../harness/database.ts';

/** Puts so many more people into a group, where they have always been. */
export async function manyMembers(
  { sql }: TestDatabase,
  { conversationId, count }: { conversationId: string; count: number },
): Promise<void> {
  await sql`
    INSERT INTO users (id, name, shard)
    SELECT 'one-of-many-' || n, 'Member ' || n, 0 FROM generate_series(1, ${count}::int) n`;
  await sql`
    INSERT INTO members (conversation_id, user_id, role, joined_seq, joined_ev, last_read_seq)
    SELECT ${conversationId}, 'one-of-many-' || n, 'member', 1, 0, 0
    FROM generate_series(1, ${count}::int) n`;
  await sql`
    UPDATE conversations SET member_count = member_count + ${count} WHERE id = ${conversationId}`;
}
