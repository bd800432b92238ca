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
  /** Longer than the server lets a statement run: past this it is gone without a word. */
  deadlineMs: number;
};

/** How this door bears the faults of its database. One for a process: it remembers an outage. */
export function createAskDatabase({ deadlineMs }: Options): AskDatabase {
  const gate = createOutageGate();
  const once = <T>(statement: Statement<T>) => gate.pass(() => inTime(statement, deadlineMs));

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

async function inTime<T>(statement: Statement<T>, deadlineMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DeadlinePassed()), deadlineMs);
  try {
    return await Promise.race([statement(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
