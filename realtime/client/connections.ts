import type { Connection } from './connection.ts';

export interface Lease {
  connection: Connection;
  release: () => void;
}

export interface Connections {
  /** The connection under this key, opened for the first who asks and closed some time after the last. */
  acquire: (key: string, open: () => Connection) => Lease;
}

/** Connections that are shared by key. A page that is exchanged for another keeps its socket. */
export function createConnections({ lingerMs = 2_000 }: { lingerMs?: number } = {}): Connections {
  const entries = new Map<string, { connection: Connection; holders: number }>();

  return {
    acquire: (key, open) => {
      const entry = entries.get(key) ?? { connection: open(), holders: 0 };
      entries.set(key, entry);
      entry.holders += 1;
      let held = true;
      return {
        connection: entry.connection,
        release: () => {
          if (!held) return;
          held = false;
          entry.holders -= 1;
          if (entry.holders > 0) return;
          setTimeout(() => {
            if (entry.holders > 0 || entries.get(key) !== entry) return;
            entries.delete(key);
            entry.connection.close();
          }, lingerMs);
        },
      };
    },
  };
}
