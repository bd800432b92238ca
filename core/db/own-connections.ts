import { openSql, type DatabaseOptions, type Sql, type SqlDatabase } from './open-sql.ts';

/** Connections each of which has one user at a time, for what lives in a session: locks and settings. */
export type OwnConnections = {
  /**
   * Lends one for as long as `work` takes. Statements that are not awaited one by one travel together, in their order.
   * After a fault it is closed, and whatever its session held is free.
   *
   * A connection lost in the middle is opened again for the next statement, with nothing of the old session: whoever
   * relies on a lock must be right without it.
   */
  use<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** As many as are in use at once; opens none before the first. */
export function openOwnConnections(
  options: Omit<DatabaseOptions, 'maxConnections'>,
): OwnConnections {
  const idle: SqlDatabase[] = [];
  const lent = new Set<SqlDatabase>();
  return {
    async use(work) {
      const own = idle.pop() ?? openSql({ ...options, maxConnections: 1, maxLifetimeS: null });
      lent.add(own);
      try {
        const result = await work(own.sql);
        idle.push(own);
        return result;
      } catch (error) {
        void own.close(0);
        throw error;
      } finally {
        lent.delete(own);
      }
    },
    close: async () => {
      await Promise.all([...idle.splice(0), ...lent].map((own) => own.close()));
    },
  };
}
