import { databaseFault } from '../core/db/database-fault.ts';
import { Refusal } from './refusal.ts';

export type OutageGate = {
  /** Runs the work, or refuses it as `database_unavailable` while Postgres cannot be reached. */
  pass: <T>(work: () => Promise<T>) => Promise<T>;
};

/**
 * While Postgres cannot be reached, its client fails one statement per connection and back-off, and keeps
 * all others waiting. So after the first such fault only one statement at a time goes through, to see
 * whether it is back; the others are refused at once.
 */
export function createOutageGate(): OutageGate {
  let isOut = false;
  let isProbing = false;

  return {
    async pass(work) {
      if (isOut && isProbing) throw new Refusal('database_unavailable');
      const isProbe = isOut;
      if (isProbe) isProbing = true;
      try {
        const result = await work();
        isOut = false;
        return result;
      } catch (error) {
        isOut = isOut ? !answered(error) : databaseFault(error) === 'unreachable';
        throw error;
      } finally {
        if (isProbe) isProbing = false;
      }
    },
  };
}

/** Whether an error came from a Postgres that is there. */
function answered(error: unknown): boolean {
  const fault = databaseFault(error);
  return fault !== 'unreachable' && fault !== 'unknown';
}
