/**
 * As much of Postgres as the outbox leans on, at READ COMMITTED: transaction ids and ids of rows that are given out
 * before the commit, snapshots by what has completed, row locks that are waited for. What a transaction writes is seen
 * by others from its commit on.
 */
export type Transaction = {
  /** Assigned with the first write, as in Postgres. */
  xid: number | undefined;
  locks: Set<string>;
  atCommit: (() => void)[];
};

type Lock = { owner: Transaction; waiting: (() => void)[] };

export type Postgres = ReturnType<typeof createPostgres>;

export function createPostgres() {
  let nextXid = 1;
  let latestCompleted = 0;
  let nextId = 1;
  const running = new Set<number>();
  const locks = new Map<string, Lock>();

  function end(transaction: Transaction): void {
    if (transaction.xid !== undefined) {
      running.delete(transaction.xid);
      latestCompleted = Math.max(latestCompleted, transaction.xid);
    }
    for (const key of transaction.locks) {
      const { waiting } = locks.get(key)!;
      locks.delete(key);
      for (const wake of waiting) wake();
    }
  }

  return {
    begin: (): Transaction => ({ xid: undefined, locks: new Set(), atCommit: [] }),

    /** `pg_current_xact_id()` */
    xidOf(transaction: Transaction): number {
      if (transaction.xid === undefined) {
        transaction.xid = nextXid;
        running.add(nextXid);
        nextXid += 1;
      }
      return transaction.xid;
    },

    /** `nextval` of the identity: no transaction gives one back. */
    takeId(): number {
      nextId += 1;
      return nextId - 1;
    },

    /** `pg_current_snapshot()`: `xmax` is one more than what has completed, and whoever began later does not count. */
    snapshot(): { xmin: number; xmax: number } {
      const xmax = latestCompleted + 1;
      return { xmin: Math.min(xmax, ...running), xmax };
    },

    async lock(transaction: Transaction, key: string): Promise<void> {
      for (;;) {
        const held = locks.get(key);
        if (!held || held.owner === transaction) break;
        await new Promise<void>((wake) => held.waiting.push(wake));
      }
      if (!locks.has(key)) locks.set(key, { owner: transaction, waiting: [] });
      transaction.locks.add(key);
    },

    commit(transaction: Transaction): void {
      for (const apply of transaction.atCommit) apply();
      end(transaction);
    },

    rollback: end,
  };
}
