import type postgres from 'postgres';

/** The backends in which a call of this function, `send_message` for example, waits for a lock. */
export async function waitingCalls(sql: postgres.Sql, call: string): Promise<number[]> {
  const rows = await sql`
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
      AND query LIKE ${`%SELECT ${call}(%`} AND pid <> pg_backend_pid()`;
  return rows.map(({ pid }) => pid as number);
}
