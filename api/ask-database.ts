import { databaseFault, DeadlinePassed } from '../core/db/database-fault.ts';
import { Refusal } from './refusal.ts';

/** Longer than the server lets a statement run: past this it is gone without a word. */
const DEADLINE_MS = 5_000;

type Statement<T> = () => Promise<T>;

/** Reads; once more when the connection was lost or the first try was undone. */
export async function read<T>(statement: Statement<T>): Promise<T> {
  try {
    return await inTime(statement);
  } catch (error) {
    if (error instanceof DeadlinePassed) throw unavailable(error);
    const fault = databaseFault(error);
    if (fault !== 'unknown' && fault !== 'undone') throw error;
  }
  try {
    return await inTime(statement);
  } catch (error) {
    throw databaseFault(error) === 'unknown' ? unavailable(error) : error;
  }
}

/**
 * Writes. What another transaction undid is done once more. So is a write whose fate is unknown, if a
 * repeat of it is harmless (`repeatable`: a client id or its own nature protects it); the caller hears
 * `outcome_unknown` otherwise, and whenever the repeat fails, because the first may stand.
 */
export async function write<T>(
  statement: Statement<T>,
  { repeatable }: { repeatable: boolean },
): Promise<T> {
  try {
    return await inTime(statement);
  } catch (error) {
    const fault = databaseFault(error);
    if (fault === 'undone') return inTime(statement);
    if (fault !== 'unknown') throw error;
    if (!repeatable || error instanceof DeadlinePassed) throw unknown(error);
  }
  try {
    return await inTime(statement);
  } catch (error) {
    throw unknown(error);
  }
}

const unavailable = (cause: unknown) => new Refusal('database_unavailable', { cause });
const unknown = (cause: unknown) =>
  new Refusal('outcome_unknown', { cause, detail: 'Ask again in the same words' });

async function inTime<T>(statement: Statement<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DeadlinePassed()), DEADLINE_MS);
  try {
    return await Promise.race([statement(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
