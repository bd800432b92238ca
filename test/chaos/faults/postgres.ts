import { counted } from './fault.ts';
import type { Evidence, Fault, Field } from './fault.ts';
import { doorBackends, exhaust, terminate } from './postgres-connections.ts';

/** What happens to the database. */
export const postgres: Fault[] = [
  {
    name: 'postgres-restarted',
    about: 'shut down in good order, connections and all, and started again',
    lastsMs: [200, 2_000],
    strike: (field, { lastsMs, hold }) =>
      withoutPostgres(field, { end: () => field.postgres.shutDown(), wait: () => hold(lastsMs) }),
  },
  {
    name: 'postgres-crashed',
    about: 'ended at once without a checkpoint, and started again',
    lastsMs: [200, 2_000],
    strike: (field, { lastsMs, hold }) =>
      withoutPostgres(field, { end: () => field.postgres.kill(), wait: () => hold(lastsMs) }),
  },
  {
    name: 'postgres-silent',
    about: 'nothing gets through between it and APIs and workers, and nobody is told',
    lastsMs: [1_500, 6_000],
    strike: async (field, { lastsMs, hold }) => {
      const ways = waysTo(field);
      const open = ways.reduce((sum, way) => sum + way.ports().length, 0);
      for (const way of ways) way.freeze();
      try {
        await hold(lastsMs);
      } finally {
        for (const way of ways) way.thaw();
      }
      return { struck: open, words: `${counted(open, 'connection')} silent` };
    },
  },
  {
    name: 'postgres-backends-terminated',
    about: 'eight connections a second, of APIs and workers, ended by the server',
    lastsMs: [2_000, 5_000],
    strike: async ({ stack }, { lastsMs, random, hold }) => {
      const { sql } = stack.database;
      let ended = 0;
      for (const stop = performance.now() + lastsMs; performance.now() < stop;) {
        const pids = await doorBackends(sql);
        if (pids.length > 0) ended += await terminate(sql, [random.pick(pids)]);
        await hold(125);
      }
      return { struck: ended, words: `${counted(ended, 'connection')} ended` };
    },
  },
  {
    name: 'postgres-connections-exhausted',
    about: 'those of APIs and workers ended, and every place taken before they come back',
    lastsMs: [1_500, 4_000],
    strike: async ({ stack: { database } }, { lastsMs, hold }) => {
      const { shutOut, ended } = await exhaust(database, () => hold(lastsMs));
      return {
        struck: shutOut,
        words: `${counted(ended, 'connection')} ended, ${shutOut} had not come back at the end`,
      };
    },
  },
  {
    name: 'postgres-slow-commits',
    about: 'a commit takes up to 0.4 s, so that they end in another order than they began',
    lastsMs: [2_000, 6_000],
    strike: async ({ stack: { database } }, { lastsMs, hold }) => {
      const { sql } = database;
      const slowCommits = async (): Promise<number> => {
        const [counter] = await sql`SELECT nextval('slow_commits')::int AS count`;
        return counter!['count'] as number;
      };
      // A deferred trigger runs at the commit, when the row has its id and nobody can see it yet.
      await sql`CREATE SEQUENCE IF NOT EXISTS slow_commits`;
      await sql`
        CREATE OR REPLACE FUNCTION slow_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM nextval('slow_commits'), pg_sleep(random() * 0.4); RETURN NULL; END $$`;
      const before = await slowCommits();
      await sql`
        CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON outbox
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow_disk()`;
      try {
        await hold(lastsMs);
      } finally {
        await sql`DROP TRIGGER slow_commit ON outbox`;
      }
      const slow = (await slowCommits()) - before - 1;
      return { struck: slow, words: `${counted(slow, 'event')} committed slowly` };
    },
  },
];

function waysTo({ stack, links }: Field) {
  return [stack.between!.apiPostgres, ...links.map((link) => link.postgres)];
}

async function withoutPostgres(
  field: Field,
  { end, wait }: { end: () => Promise<void>; wait: () => Promise<void> },
): Promise<Evidence> {
  const ways = waysTo(field);
  const ended = (await doorBackends(field.stack.database.sql)).length;
  await end();
  // Its port is dead, and so must be those of the proxies.
  await Promise.all(ways.map((way) => way.cut()));
  try {
    await wait();
  } finally {
    await field.postgres.restart();
    await Promise.all(ways.map((way) => way.mend()));
  }
  return { struck: ended, words: `ended under ${counted(ended, 'connection')}` };
}
