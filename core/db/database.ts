import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';

import { openSql, type DatabaseOptions, type SqlDatabase } from './open-sql.ts';
import * as schema from './schema.ts';

export type { Sql } from './open-sql.ts';
export type Orm = PostgresJsDatabase<typeof schema>;

export type Database = SqlDatabase & {
  /** For ordinary reads and writes; has connections of its own, because drizzle rewires its client. */
  orm: Orm;
};

/** `maxConnections` are for `sql`; `orm` gets a quarter of them, at least one. */
export function openDatabase(options: DatabaseOptions): Database {
  const forSql = openSql(options);
  const forOrm = openSql({
    ...options,
    maxConnections: Math.max(1, Math.floor(options.maxConnections / 4)),
  });
  return {
    sql: forSql.sql,
    orm: drizzle(forOrm.sql, { schema }),
    async close(timeoutMs) {
      await Promise.all([forSql.close(timeoutMs), forOrm.close(timeoutMs)]);
    },
  };
}
