import { sqlState } from './call.ts';

/**
 * What an error of the database means for the statement that met it.
 *
 * - `busy`: it waited too long for a lock and changed nothing.
 * - `undone`: rolled back because of another transaction; the same statement may succeed now.
 * - `unreachable`: it surely did not run, because Postgres is not there.
 * - `overloaded`: Postgres is there, and gave up or would not begin.
 * - `unknown`: the connection was lost while it ran. It may have been committed.
 * - `refused`: Postgres cannot store one of the values.
 * - `other`: a fault of ours, or no error of the database at all.
 */
export type DatabaseFault =
  | 'busy'
  | 'undone'
  | 'unreachable'
  | 'overloaded'
  | 'unknown'
  | 'refused'
  | 'other';

/** Beyond an answer: no promise settles later than the caller waits. Its statement may still be running. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor() {
    super('The database did not answer in time');
  }
}

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  // Of postgres.js: no connection in time, and the pool is closed.
  'CONNECT_TIMEOUT',
  'CONNECTION_ENDED',
]);

const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  // Of postgres.js: the socket ended before the answer.
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
]);

/** SQLSTATEs by meaning; whole classes by their first two characters. */
const STATES: Record<string, DatabaseFault> = {
  '55P03': 'busy',
  // Two writers made the same row; a deadlock; a serialisation failure.
  '23505': 'undone',
  '40P01': 'undone',
  '40001': 'undone',
  // The backend was ended, perhaps between the commit and its answer.
  '57P01': 'unknown',
  '57P02': 'unknown',
  // Starting up, or about to stop.
  '57P03': 'unreachable',
  // Ended by statement_timeout; read-only after a failover; out of memory, disk or connections.
  '57014': 'overloaded',
  '25006': 'overloaded',
  '53': 'overloaded',
  '22': 'refused',
};

/** The one place that decides what may be tried again. */
export function databaseFault(error: unknown): DatabaseFault {
  if (error instanceof DeadlinePassed) return 'unknown';
  const state = sqlState(error);
  if (state !== undefined) return STATES[state] ?? STATES[state.slice(0, 2)] ?? 'other';
  const code = systemCode(error);
  if (code === undefined) return 'other';
  if (NEVER_SENT.has(code)) return 'unreachable';
  return LOST.has(code) ? 'unknown' : 'other';
}

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Node tries each address of a name and gathers the faults.
  if (error instanceof AggregateError) return systemCode(error.errors[0]);
  return systemCode(error.cause);
}
