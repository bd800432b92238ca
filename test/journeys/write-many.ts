import type { TestDatabase } from '../harness/database.ts';
import type { Person } from '../harness/people.ts';

/** In one transaction; more would walk over ever more versions of the same conversation. */
const MESSAGES_A_WRITE = 500;

/** So many messages of somebody, numbered from `from` on: "message 1". Written by the function that the API calls, without the API. */
export async function writeMany(
  { sql }: TestDatabase,
  {
    conversationId,
    sender,
    from = 1,
    count,
  }: { conversationId: string; sender: Person; from?: number; count: number },
): Promise<string[]> {
  const end = from + count - 1;
  for (let first = from; first <= end; first += MESSAGES_A_WRITE) {
    const last = Math.min(end, first + MESSAGES_A_WRITE - 1);
    await sql`
      SELECT count(send_message(${conversationId}, ${sender.id}, 'many-' || n, gen_random_uuid(), 'text',
        'message ' || n, NULL, NULL, NULL))
      FROM generate_series(${first}::int, ${last}::int) n`;
  }
  return Array.from({ length: count }, (_, n) => `message ${from + n}`);
}

/** The number of one of these messages. */
export function numberIn(text: string): number {
  return Number(text.replace('message ', ''));
}
