import { CentrifugoTransportError, type Command } from '@rov/realtime/server';

import type { Sql } from '../../core/db/database.ts';
import type { SettledPage } from '../../core/outbox/settle.ts';
import { createCircuit } from '../../worker/circuit.ts';
import { createDrain, type Hold } from '../../worker/drain.ts';
import type { Centrifugo } from './centrifugo.ts';
import type { Postgres } from './postgres.ts';
import { createProcess, type Process } from './process.ts';
import type { Rules } from './rules.ts';
import type { Schedule } from './schedule.ts';
import { createSessions, type Connection, type Session } from './sessions.ts';
import { readPage, settle, takeShard } from './sql-functions.ts';
import type { Tables } from './tables.ts';

export type World = {
  schedule: Schedule;
  postgres: Postgres;
  tables: Tables;
  centrifugo: Centrifugo;
  rules: Rules;
  /** The session that has the advisory lock of the shard. */
  lock: { heldBy: Session | null };
  /** Where rows are locked instead: by whom. */
  claims: Map<number, Session>;
};

/** What a worker does otherwise than the shipped one, to show what that is worth. */
export type Otherwise = {
  hold?: (hold: Hold, on: (sql: Sql) => Connection, world: World) => Partial<Hold>;
  centrifugo?: (batch: Centrifugo['batch']) => Centrifugo['batch'];
};

/** A worker process: the shipped drain, on a Postgres and a Centrifugo of the model. */
export function startWorker(
  world: World,
  {
    name,
    turnMs,
    rows,
    reconnects,
    otherwise,
  }: {
    name: string;
    turnMs: number;
    rows: number;
    reconnects: boolean;
    otherwise: Otherwise;
  },
) {
  const { schedule } = world;
  const { step } = schedule;
  const process = createProcess(step);
  const sessions = createSessions({ process, step, reconnects }, (connection) =>
    sqlOn(world, connection),
  );
  const hold = holdOn(world, sessions.connection);
  const { batch } = world.centrifugo;
  const send = otherwise.centrifugo?.(batch) ?? batch;
  let looks = 0;
  let turn = 0;
  const drain = createDrain({
    connections: sessions.ownConnections,
    centrifugo: { batch: batchOf(process, send) as never },
    // Whenever somebody asks, the wait is over.
    circuit: createCircuit({ now: () => (looks += 10_000) }),
    metrics: { settled: () => undefined } as never,
    worker: name,
    hold: { ...hold, ...otherwise.hold?.(hold, sessions.connection, world) },
    bounds: { rows },
    turnMs,
  });
  return {
    process,
    drain: (times: number): Promise<void> =>
      schedule.as(`${name} ${(turn += 1)}`, () =>
        process.run(async () => {
          for (let time = 0; time < times; time += 1) await drain(0).catch(() => undefined);
        }),
      ),
    kill(): void {
      process.kill();
      void sessions.endAll();
    },
    endIdleSessions: sessions.endIdle,
  };
}

function batchOf(process: Process, send: Centrifugo['batch']) {
  return async (commands: readonly Command[], { signal }: { signal?: AbortSignal } = {}) => {
    await process.sends('asks Centrifugo');
    const sent = send(commands);
    await sent.catch(() => undefined);
    await process.goesOn();
    if (signal?.aborted) {
      throw new CentrifugoTransportError('given up', { code: 'aborted', sent: true });
    }
    return sent;
  };
}

function holdOn(world: World, connection: (sql: Sql) => Connection): Hold {
  const { lock, schedule } = world;
  const free = (session: Session): void => {
    session.holder = null;
    if (lock.heldBy === session) lock.heldBy = null;
  };
  return {
    take: (sql, drain) =>
      connection(sql).statement('takes the shard', async (session) => {
        if (lock.heldBy !== null && lock.heldBy !== session) return 'busy';
        lock.heldBy = session;
        session.atEnd.push(() => free(session));
        const state = await takeShard(world, drain, schedule.step);
        if (state === 'taken') session.holder = drain.holder;
        else free(session);
        return state;
      }),
    read: (sql, { bounds, passOver = [] }) =>
      connection(sql).statement('reads', () => readPage(world, { rows: bounds.rows, passOver })),
    release: (sql) => connection(sql).statement('lets the shard go', free),
  };
}

/** The statements of a drain that are no part of how it holds a shard. */
function sqlOn(world: World, connection: Connection): Sql {
  const sql = async (texts: TemplateStringsArray, ...[, page]: unknown[]): Promise<unknown[]> => {
    const text = texts.join('?');
    if (text.includes('settle(')) {
      const answer = await connection.statement('settles', async (session) => {
        const { holder } = page as SettledPage;
        const settled = await settle(world, page as SettledPage, world.schedule.step);
        return { ...settled, holds: session.holder === holder };
      });
      return [{ answer }];
    }
    if (text.includes('AS waiting')) return [{ waiting: 0, oldestMs: 0 }];
    return connection.statement('shows that it is there', () => []);
  };
  return Object.assign(sql, { json: (value: unknown) => value }) as unknown as Sql;
}
