import { createTestDatabase } from '../test/harness/database.ts';
import type { TestDatabase } from '../test/harness/database.ts';
import type { Servers } from '../test/harness/servers.ts';

/** What several contenders start from: filled once, and copied for each. */
export async function withTemplate<T>(
  servers: Servers,
  fill: (sql: TestDatabase['sql']) => Promise<unknown>,
  work: (servers: Servers) => Promise<T>,
): Promise<T> {
  const database = await createTestDatabase(servers);
  try {
    await fill(database.sql);
    // Nobody may be connected to what is copied.
    await database.sql.end();
    return await work({ ...servers, template: database.name });
  } finally {
    await database.drop();
  }
}
