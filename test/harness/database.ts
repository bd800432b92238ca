import { randomBytes } from 'node:crypto';

import postgres from 'postgres';

import { migrate } from '../../migrations/migrate.ts';

export type TestDatabase = {
  name: string;
  url: string;
  /** A client for the test itself; json and dates as postgres.js has them. */
  sql: postgres.Sql;
  /** Ends every connection to the database and deletes it. */
  drop(): Promise<void>;
};

/** An empty database of its own, without tables. */
export async function createEmptyDatabase(server: string): Promise<TestDatabase> {
  return create({ server, prefix: 'rov_test' });
}

/** A migrated database of its own, copied from the run's template in some 30 ms. */
export async function createTestDatabase(from: {
  postgres: string;
  template: string;
}): Promise<TestDatabase> {
  return create({ server: from.postgres, prefix: 'rov_test', template: from.template });
}

/** The database that all others are copied from. Nobody may be connected to it while that happens. */
export async function createTemplate(server: string): Promise<{
  name: string;
  drop(): Promise<void>;
}> {
  const database = await create({ server, prefix: 'rov_template' });
  await database.sql.end();
  await migrate(database.url);
  return { name: database.name, drop: () => database.drop() };
}

async function create(options: {
  server: string;
  prefix: string;
  template?: string;
}): Promise<TestDatabase> {
  const name = `${options.prefix}_${randomBytes(6).toString('hex')}`;
  const server = (work: (sql: postgres.Sql) => Promise<unknown>) =>
    withServer(options.server, work);
  const template = options.template ?? 'template1';
  await server((sql) => sql`CREATE DATABASE ${sql(name)} TEMPLATE ${sql(template)}`);
  const url = new URL(options.server);
  url.pathname = `/${name}`;
  const sql = postgres(url.href, { max: 20, idle_timeout: 20, onnotice: () => undefined });
  return {
    name,
    url: url.href,
    sql,
    drop: async () => {
      await sql.end({ timeout: 1 });
      await server((sql) => sql`DROP DATABASE IF EXISTS ${sql(name)} WITH (FORCE)`);
    },
  };
}

async function withServer(
  url: string,
  work: (sql: postgres.Sql) => Promise<unknown>,
): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
