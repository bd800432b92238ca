import { openDatabase } from '../core/db/database.ts';
import { connect } from '../core/people/connections.ts';
import { upsertProfile } from '../core/people/upsert-profile.ts';
import { DEMO_PEOPLE } from './demo-people.ts';

/** Puts the demo people into the database and connects each with each. A repeat changes nothing. */
export async function seed(databaseUrl: string): Promise<void> {
  const database = openDatabase({
    url: databaseUrl,
    applicationName: 'rov-seed',
    maxConnections: 4,
  });
  try {
    await Promise.all(DEMO_PEOPLE.map((profile) => upsertProfile(database.sql, profile)));
    const pairs = DEMO_PEOPLE.flatMap((one, index) =>
      DEMO_PEOPLE.slice(index + 1).map((other) => ({ userId: one.id, otherId: other.id })),
    );
    for (const pair of pairs) await connect(database.orm, pair);
  } finally {
    await database.close();
  }
}
