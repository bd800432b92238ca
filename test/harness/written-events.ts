import postgres from 'postgres';
import * as z from 'zod';

import { faultsOn } from './described-events.ts';
import type { ChannelKind } from './described-events.ts';

/**
 * From now on every copy of the template keeps whatever is written into its outbox, in a schema of its own, since the outbox is emptied. Rows that a
 * test writes by hand, to see what becomes of them, are its own business and not kept.
 */
export async function keepWrittenEvents(servers: {
  postgres: string;
  template: string;
}): Promise<void> {
  const url = new URL(servers.postgres);
  url.pathname = `/${servers.template}`;
  const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
  try {
    await sql`CREATE SCHEMA witness`;
    await sql`CREATE UNLOGGED TABLE witness.written (payload text, audience_payload text)`;
    await sql`
      CREATE FUNCTION witness.keep() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF current_query() !~* '^\\s*INSERT INTO outbox' THEN
          INSERT INTO witness.written SELECT payload, audience_payload FROM fresh;
        END IF;
        RETURN NULL;
      END $$`;
    await sql`
      CREATE TRIGGER keep AFTER INSERT ON outbox REFERENCING NEW TABLE AS fresh
      FOR EACH STATEMENT EXECUTE FUNCTION witness.keep()`;
  } finally {
    await sql.end();
  }
}

const Written = z.array(
  z.object({ payload: z.string().nullable(), audience_payload: z.string().nullable() }),
);

/** What was written into the outbox otherwise than api/asyncapi.json has it; each fault once. */
export async function writtenFaults(sql: postgres.Sql): Promise<string[]> {
  const rows = Written.parse([
    ...(await sql`SELECT payload, audience_payload FROM witness.written`),
  ]);
  const faults = rows.flatMap(({ payload, audience_payload: audience }) => [
    ...faultsOfText('conversation', payload),
    ...faultsOfText('chat', audience),
  ]);
  return [...new Set(faults)].map((fault) => `written into the outbox: ${fault}`);
}

function faultsOfText(kind: ChannelKind, text: string | null): string[] {
  return text === null ? [] : faultsOn(kind, JSON.parse(text));
}
