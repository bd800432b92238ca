import type { Sql, Transaction } from './open-sql.ts';

/** The connection was lost with the transaction on it; nothing of it was kept. */
export class TransactionLost extends Error {
  override readonly name = 'TransactionLost';
}

/**
 * `sql.begin` for work that does something else between its statements. When the connection dies meanwhile,
 * postgres.js 3.4.9 rejects, and lets the work go on: its next statement, and the ROLLBACK or COMMIT after it, would
 * run on a connection of later, outside of any transaction, or end the process with a TypeError that nobody can
 * catch. Here the next statement (of `tx` itself, not of `tx.unsafe` and the like) throws `TransactionLost` instead,
 * and nothing follows it.
 */
export async function transaction<T>(sql: Sql, work: (tx: Transaction) => Promise<T>): Promise<T> {
  let over = false;
  const unlessOver = (tx: Transaction): Transaction =>
    new Proxy(tx, {
      apply(target, self, args): unknown {
        if (over)
          throw new TransactionLost('the connection was lost in the middle of a transaction');
        return Reflect.apply(target, self, args);
      },
    });
  const never = new Promise<never>(() => undefined);
  try {
    const { result } = await sql.begin(async (tx) => {
      try {
        return { result: await work(unlessOver(tx)) };
      } catch (error) {
        // A fault may be the loss itself, told to a statement a moment before it is told to the transaction.
        await new Promise(setImmediate);
        throw error;
      } finally {
        // Who has begun the transaction was told already. An end of any kind would be followed by a statement.
        if (over) await never;
      }
    });
    return result;
  } finally {
    over = true;
  }
}
