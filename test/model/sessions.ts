import type { Sql } from '../../core/db/database.ts';
import type { OwnConnections } from '../../core/db/own-connections.ts';
import type { Process } from './process.ts';
import type { Step } from './schedule.ts';

/** A connection's session at Postgres: it ends with its process, or when it was idle for too long. */
export type Session = {
  isOver: boolean;
  isBusy: boolean;
  /** `rov.holder`: who took the shard in it. */
  holder: string | null;
  /** What happens when the statement under way is through, and when the session ends. */
  atRest: (() => void)[];
  atEnd: (() => void)[];
};

/** A connection as a drain has it: sends statements in order, and opens a new session for a lost one. */
export type Connection = {
  statement<T>(label: string, run: (session: Session) => Promise<T> | T): Promise<T>;
};

type Own = { session: Session; isClosed: boolean };

/** `core/db/own-connections.ts`: each has one user at a time, and one that failed is closed. */
export function createSessions(
  {
    process,
    step,
    reconnects,
  }: {
    process: Process;
    step: Step;
    /** Whether a statement on a lost connection goes through on a new one, or fails. */
    reconnects: boolean;
  },
  sqlOn: (connection: Connection) => Sql,
) {
  const idle: Own[] = [];
  const all = new Set<Session>();
  const connections = new WeakMap<object, Connection>();

  function open(): Session {
    const session: Session = { isOver: false, isBusy: false, holder: null, atRest: [], atEnd: [] };
    all.add(session);
    return session;
  }

  function end(session: Session): void {
    if (session.isOver) return;
    session.isOver = true;
    all.delete(session);
    for (const happens of session.atEnd) happens();
  }

  function connectionOf(own: Own): Connection {
    let before: Promise<unknown> = Promise.resolve();
    return {
      statement(label, run) {
        const answer = before.then(async () => {
          await process.sends(label);
          if (own.isClosed) throw new Error('the connection is closed');
          if (own.session.isOver && !reconnects) throw new Error('the connection is lost');
          if (own.session.isOver) own.session = open();
          const { session } = own;
          session.isBusy = true;
          const result = await run(session);
          session.isBusy = false;
          for (const happens of session.atRest.splice(0)) happens();
          await process.goesOn();
          return result;
        });
        before = answer.catch(() => undefined);
        return answer;
      },
    };
  }

  const ownConnections: OwnConnections = {
    async use(work) {
      const own = idle.pop() ?? { session: open(), isClosed: false };
      const connection = connectionOf(own);
      const sql = sqlOn(connection);
      connections.set(sql, connection);
      try {
        const result = await work(sql);
        idle.push(own);
        return result;
      } catch (error) {
        own.isClosed = true;
        void endLater(own.session);
        throw error;
      }
    },
    close: async () => undefined,
  };

  /** Postgres notices that nobody is there any more once the statement is through. */
  async function endLater(session: Session): Promise<void> {
    await step('notices a closed connection');
    if (session.isBusy) session.atRest.push(() => end(session));
    else end(session);
  }

  return {
    ownConnections,
    connection: (sql: Sql): Connection => connections.get(sql)!,
    /** As after a kill of the process. */
    endAll: (): Promise<void[]> => Promise.all([...all].map(endLater)),
    /** `idle_session_timeout`: ends those that say nothing. */
    endIdle: (): void => {
      for (const session of all) if (!session.isBusy) end(session);
    },
  };
}
