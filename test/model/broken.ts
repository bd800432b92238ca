import type { Delivery } from './run.ts';
import type { Session } from './sessions.ts';
import { readPage } from './sql-functions.ts';
import type { Otherwise } from './worker.ts';

/** Rows leave the outbox when they are read. */
const deleteBeforeAcknowledgement: Otherwise['hold'] = (hold, _, { tables }) => ({
  read: async (sql, wanted) => {
    const page = await hold.read(sql, wanted);
    for (const { id, eventId } of page.rows) {
      if (tables.outbox.delete(id)) tables.settled.push(eventId);
    }
    return page;
  },
});

/** Looks only above the highest id that it has read. */
const idCursor: Otherwise['hold'] = (hold) => {
  let cursor = 0;
  return {
    read: async (sql, wanted) => {
      const page = await hold.read(sql, wanted);
      const rows = page.rows.filter(({ id }) => id > cursor);
      cursor = Math.max(cursor, ...rows.map(({ id }) => id));
      return { ...page, rows, full: page.full && rows.length > 0 };
    },
  };
};

/** Nobody holds the shard: each drain locks the rows it reads and skips what others have locked. */
const skipLocked: Otherwise['hold'] = (_, connection, world) => {
  const { claims } = world;
  const free = (session: Session): void => {
    for (const [id, by] of claims) if (by === session) claims.delete(id);
  };
  return {
    take: (sql, { holder }) =>
      connection(sql).statement('begins', (session) => {
        session.holder = holder;
        return 'taken';
      }),
    read: (sql, { bounds }) =>
      connection(sql).statement('reads', (session) => {
        session.atEnd.push(() => free(session));
        const page = readPage(world, { rows: Infinity });
        const rows = page.rows.filter(({ id }) => !claims.has(id)).slice(0, bounds.rows);
        for (const { id } of rows) claims.set(id, session);
        return { rows, full: false, seen: null };
      }),
    release: (sql) => connection(sql).statement('commits', free),
  };
};

/** A repeat is not told from something new, where no version does so. */
const noIdempotencyKey: Otherwise['centrifugo'] = (batch) => (commands) =>
  batch(
    commands.map((command) => {
      if (!('idempotencyKey' in command)) return command;
      const { idempotencyKey: _, ...rest } = command;
      return rest;
    }),
  );

type Broken = Delivery & {
  /** In whose words it is found out. */
  breaks: RegExp;
};

/** The shipped delivery with one thing taken away, or done as it is often done. */
export const BROKEN: Record<string, Broken> = {
  'a floor without a gate': { rules: { gated: false }, breaks: /waits, the floor/ },
  'no name left at the shard': { rules: { leavesName: false }, breaks: /not heard/ },
  'no resync after doubt': { rules: { resyncsAfterDoubt: false }, breaks: /not heard/ },
  'rows that settle behind one that stays': { prefixes: false, breaks: /not heard/ },
  'a settle by a range of ids': { rules: { settlesBy: 'range' }, breaks: /not heard/ },
  'a cursor over ids': { otherwise: { hold: idCursor }, breaks: /waits, the floor/ },
  'a delete before the acknowledgement': {
    otherwise: { hold: deleteBeforeAcknowledgement },
    breaks: /not heard/,
  },
  'no idempotency key': { otherwise: { centrifugo: noIdempotencyKey }, breaks: /came twice/ },
  'rows that are locked and skipped': {
    otherwise: { hold: skipLocked },
    breaks: /not heard|too late|behind a later one/,
  },
};
