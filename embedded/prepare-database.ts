import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { checksum } from './checksum.ts';
import { CHECKOUT } from './rov-folder.ts';

/**
 * Gives the database its tables and the demo people. With a `stamp`, a file that lives and goes with the data, work
 * that was done before is not even looked at: migrating loads drizzle, which takes a second of a warm start.
 */
export async function prepareDatabase(options: {
  url: string;
  stamp: string | null;
}): Promise<'prepared' | 'as it was left'> {
  const { url, stamp } = options;
  const wanted = checksum({
    root: CHECKOUT,
    folders: ['migrations', 'core'],
    files: ['embedded/demo-people.ts', 'embedded/seed.ts'],
    wanted: (path) => /\.sql$|migrations\/.*\.(ts|json)$/.test(path),
  });
  if (stamp && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'as it was left';
  await import('./load-drizzle-quickly.ts');
  const { migrate } = await import('../migrations/migrate.ts');
  const { seed } = await import('./seed.ts');
  await migrate(url);
  await seed(url);
  if (stamp) writeFileSync(stamp, wanted);
  return 'prepared';
}
