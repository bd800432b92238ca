import { Semaphore, withTimeout } from 'async-mutex';

import { databaseFault, DeadlinePassed } from '../core/db/database-fault.ts';
import { createOutageGate } from './outage-gate.ts';
import { Refusal } from './refusal.ts';

type Statement<T> = () => Promise<T>;

export type AskDatabase = {
  /** Reads; once more when the connection was lost or the first try was undone. */
  read: <T>(statement: Statement<T>) => Promise<T>;
  /**
   * Writes. What another transaction undid is done once more. So is a write whose fate is unknown, if a
   * repeat of it is harmless (`repeatable`: a client id or its own nature protects it); the caller hears
   * `outcome_unknown` otherwise, and whenever the repeat fails, because the first may stand.
   */
  write: <T>(statement: Statement<T>, options: { repeatable: boolean }) => Promise<T>;
};

type Options = {
  /** As many as there are connections: what the driver keeps waiting for one cannot be taken back from it. */
  atOnce: number;
  /** Longer than the server lets a statement run: past this it is gone without a word. */
  deadlineMs: number;
};

/** How this door bears the faults of its database. One for a process: it remembers an outage. */
export function createAskDatabase({ atOnce, deadlineMs }: Options): AskDatabase {
  const gate = createOutageGate();
  // Who is not begun in time was surely not done.
  const turns = withTimeout(new Semaphore(atOnce), deadlineMs, new Refusal('database_unavailable'));

  async function once<T>(statement: Statement<T>): Promise<T> {
    const endsAt = performance.now() + deadlineMs;
    const [, giveBack] = await turns.acquire();
    let isBegun = false;
    try {
      return await gate.pass(() => {
        const asked = statement();
        isBegun = true;
        // Not before it has really ended, be it after its deadline: until then it has its connection.
        void asked.then(giveBack, giveBack);
        return inTime(asked, endsAt - performance.now());
      });
    } finally {
      if (!isBegun) giveBack();
    }
  }

  return {
    async read(statement) {
      try {
        return await once(statement);
      } catch (error) {
        if (error instanceof DeadlinePassed) throw unavailable(error);
        const fault = databaseFault(error);
        if (fault !== 'unknown' && fault !== 'undone') throw error;
      }
      try {
        return await once(statement);
      } catch (error) {
        throw databaseFault(error) === 'unknown' ? unavailable(error) : error;
      }
    },

    async write(statement, { repeatable }) {
      try {
        return await once(statement);
      } catch (error) {
        const fault = databaseFault(error);
        if (fault === 'undone') return once(statement);
        if (fault !== 'unknown') throw error;
        if (!repeatable || error instanceof DeadlinePassed) throw unknown(error);
      }
      try {
        return await once(statement);
      } catch (error) {
        throw unknown(error);
      }
    },
  };
}

const unavailable = (cause: unknown) => new Refusal('database_unavailable', { cause });
const unknown = (cause: unknown) =>
  new Refusal('outcome_unknown', { cause, detail: 'Ask again in the same words' });

async function inTime<T>(asked: Promise<T>, leftMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DeadlinePassed()), leftMs);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
