import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

import * as schema from './schema.ts';

export type Sql = postgres.Sql;
/** Inside `sql.begin`. */
export type Transaction = postgres.TransactionSql;
export type Orm = PostgresJsDatabase<typeof schema>;

export type Database = {
  /** For functions and hot reads: parameters and rows as postgres.js has them. */
  sql: Sql;
  /** For ordinary reads and writes; has connections of its own, because drizzle rewires its client. */
  orm: Orm;
  /** Waits at most `timeoutMs` for what is under way. */
  close(timeoutMs?: number): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  applicationName: string;
  /** Connections for `sql`; `orm` gets a quarter of them, at least one. */
  maxConnections: number;
  /** A statement that runs longer is ended by the server. */
  statementTimeoutMs?: number;
};

/** Opens no connection yet: that happens with the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const connect = (max: number) =>
    postgres(options.url, {
      max,
      idle_timeout: 60,
      connect_timeout: 5,
      // A connection that comes back late is one that waits while everything else is already there.
      backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
      onnotice: () => undefined,
      connection: {
        application_name: options.applicationName,
        ...(options.statementTimeoutMs !== undefined && {
          statement_timeout: options.statementTimeoutMs,
        }),
        lock_timeout: 1_000,
      },
    });
  const sql = connect(options.maxConnections);
  const ormClient = connect(Math.max(1, Math.floor(options.maxConnections / 4)));
  return {
    sql,
    orm: drizzle(ormClient, { schema }),
    async close(timeoutMs = 2_000) {
      const timeout = timeoutMs / 1_000;
      await Promise.all([sql.end({ timeout }), ormClient.end({ timeout })]);
    },
  };
}
