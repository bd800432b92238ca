import postgres from 'postgres';

export type Sql = postgres.Sql;

export type SqlDatabase = {
  /** For functions and hot reads: parameters and rows as postgres.js has them. */
  sql: Sql;
  /** Waits at most `timeoutMs` for what is under way. */
  close(timeoutMs?: number): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  applicationName: string;
  maxConnections: number;
  /** A statement that runs longer is ended by the server. */
  statementTimeoutMs?: number;
  /** Never read a whole table where there is an index, whatever the planner thinks of their sizes. */
  indexesOnly?: boolean;
  /** After how long a connection is replaced; null for never. Default: the driver's, some half an hour. */
  maxLifetimeS?: number | null;
};

/**
 * A database for who speaks SQL only. `openDatabase` loads drizzle as well, which takes a process more time
 * than everything else that it loads together. Opens no connection yet: that happens with the first query.
 */
export function openSql(options: DatabaseOptions): SqlDatabase {
  const sql = postgres(options.url, {
    max: options.maxConnections,
    idle_timeout: 60,
    // Sooner than a caller gives up: what never had a connection was surely not done, and they hear it.
    connect_timeout: 4,
    ...(options.maxLifetimeS !== undefined && { max_lifetime: options.maxLifetimeS }),
    // A connection that comes back late is one that waits while everything else is already there.
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => undefined,
    // Asked on every new connection, and nobody hears its failure: one that died just then would end the process.
    // Without it no array can be a parameter or a column; lists travel as JSON.
    fetch_types: false,
    connection: {
      application_name: options.applicationName,
      ...(options.statementTimeoutMs !== undefined && {
        statement_timeout: options.statementTimeoutMs,
      }),
      lock_timeout: 1_000,
      ...(options.indexesOnly && { enable_seqscan: 'off' }),
    },
  });
  return { sql, close: (timeoutMs = 2_000) => sql.end({ timeout: timeoutMs / 1_000 }) };
}
