import { USER_ID_PATTERN } from '../contract/channels.ts';
import type { Presence } from '../contract/primitives.ts';
import { createQuestions } from './questions.ts';

/** `unknown` is not offline: nothing was heard yet, or nothing can be heard now. */
export type KnownStatus = Presence['status'] | 'unknown';

export interface UserPresence {
  status: KnownStatus;
  /** ISO 8601; the user's last sign of life, null when there was none. */
  lastSeenAt: string | null;
  /** The higher one is the newer one. */
  version: number;
}

interface PresenceDirectoryOptions {
  presenceOf: (userIds: readonly string[]) => Promise<{ items: readonly Presence[] }>;
  onChange: () => void;
  report: (error: unknown) => void;
}

/** Who is where, of those who were asked for or heard of. */
export function createPresenceDirectory({
  presenceOf,
  onChange,
  report,
}: PresenceDirectoryOptions) {
  const known = new Map<string, Presence>();
  const wanted = new Set<string>();
  let reachable = false;
  const questions = createQuestions({
    ask: presenceOf,
    onAnswer: ({ items }) => merge(items),
    report,
  });

  function merge(items: readonly Presence[]) {
    for (const item of items) {
      wanted.add(item.userId);
      if (item.version >= (known.get(item.userId)?.version ?? 0)) known.set(item.userId, item);
    }
    onChange();
  }

  return {
    merge,
    /** Asks for a user, unless it was asked for. */
    want: (userId: string) => {
      if (wanted.has(userId) || !USER_ID_PATTERN.test(userId)) return;
      wanted.add(userId);
      questions.add([userId]);
    },
    /** What is known may be old. */
    askAgain: () => {
      questions.add(wanted);
      onChange();
    },
    /** Whether changes reach us now. While they do not, everybody is unknown and nobody is asked for. */
    setReachable: (now: boolean) => {
      if (reachable === now) return;
      reachable = now;
      questions.allow(now);
      onChange();
    },
    entries: (): Map<string, UserPresence> => {
      const entries = new Map<string, UserPresence>();
      for (const { userId, status, lastSeenAt, version } of known.values()) {
        const current = reachable && !questions.isOpen(userId);
        entries.set(userId, { status: current ? status : 'unknown', lastSeenAt, version });
      }
      return entries;
    },
  };
}
