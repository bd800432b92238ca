import type { TestDatabase } from '../harness/database.ts';
import type { Person } from '../harness/people.ts';

/** So many messages that somebody wrote, "message 1" and so on, delivered long ago and read by everybody. */
export async function pastMessages(
  { sql }: TestDatabase,
  { conversationId, sender, count }: { conversationId: string; sender: Person; count: number },
): Promise<void> {
  const [conversation] = await sql`
    UPDATE conversations SET last_seq = last_seq + ${count}, ev = ev + ${count}
    WHERE id = ${conversationId} RETURNING last_seq::int AS seq, ev::int`;
  await sql`
    INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, fingerprint, type, content,
      created_at, sent_ev, ev)
    SELECT ${conversationId}, ${conversation!['seq'] - count} + n, gen_random_uuid(), ${sender.id}, 'past-' || n, '',
      'text', 'message ' || n, now() - interval '1 day' + n * interval '5 seconds',
      ${conversation!['ev'] - count} + n, ${conversation!['ev'] - count} + n
    FROM generate_series(1, ${count}::int) n`;
  await sql`UPDATE members SET last_read_seq = ${conversation!['seq']} WHERE conversation_id = ${conversationId}`;
}
