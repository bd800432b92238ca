import type postgres from 'postgres';
import * as z from 'zod';

/** Each table with the number of its rows and a digest of what is in them. */
export type Stored = Record<string, string>;

/**
 * What a database holds, in every table that there is. Two of these are equal if and only if nothing was written
 * between them, and where they differ, the name of the table says what was.
 */
export async function everythingStored(sql: postgres.Sql): Promise<Stored> {
  const tables = await sql`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    ORDER BY 1`;
  const entries = await Promise.all(
    z
      .array(z.object({ name: z.string() }))
      .parse(tables)
      .map(async ({ name }) => {
        const [row] = await sql`
        SELECT count(*) || ' rows ' || coalesce(md5(string_agg(line, chr(10) ORDER BY line)), '') AS state
        FROM (SELECT t::text AS line FROM ${sql(name)} t) lines`;
        return [name, z.string().parse(row?.['state'])] as const;
      }),
  );
  return Object.fromEntries(entries);
}
