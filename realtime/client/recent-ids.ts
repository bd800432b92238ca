/**
 * Remembers the last ids, at least `capacity` of them. Recovery replays at most what the channel's history
 * holds (500), so what can come twice is among them.
 */
export function createRecentIds(capacity = 1_000) {
  const ids = new Set<string>();
  return {
    /** Whether this is the first time, as far as it is remembered. */
    add(id: string): boolean {
      if (ids.has(id)) return false;
      ids.add(id);
      if (ids.size > capacity) {
        // A set keeps the order of insertion.
        for (const oldest of ids) {
          ids.delete(oldest);
          break;
        }
      }
      return true;
    },
  };
}
