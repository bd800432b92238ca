import { createHash } from 'node:crypto';

const WINDOW_MS = 5 * 60 * 1000;
const MOST_KEYS = 10_000;

export type LoginLimit = {
  /** Takes one attempt. Gives the seconds to wait when there is none left, else undefined. */
  take(attempt: { address: string; name: string }): number | undefined;
  /** Gives back what a log-in that succeeded took. */
  giveBack(attempt: { address: string; name: string }): void;
};

/**
 * Bounds guesses within five minutes: by address, against one guesser; by name, against many. An attempt
 * is taken before the password is looked at, so that a burst of parallel requests cannot get past. Each
 * process counts for itself: with several dashboards the bound is that many times higher, which the cost
 * of scrypt and passwords of twelve characters bear easily.
 */
export function createLoginLimit(
  options: { perAddress?: number; perName?: number; now?: () => number } = {},
): LoginLimit {
  const { perAddress = 10, perName = 20, now = Date.now } = options;
  const windows = new Map<string, { left: number; most: number; endsAt: number }>();

  const windowOf = (key: string, most: number) => {
    const known = windows.get(key);
    if (known !== undefined && known.endsAt > now()) return known;
    windows.delete(key);
    const fresh = { left: most, most, endsAt: now() + WINDOW_MS };
    windows.set(key, fresh);
    // Names are made up by whoever attacks: the oldest window goes, so that memory stays bounded.
    const [oldest] = windows.keys();
    if (windows.size > MOST_KEYS && oldest !== undefined) windows.delete(oldest);
    return fresh;
  };
  const windowsOf = ({ address, name }: { address: string; name: string }) => [
    windowOf(digest(`address ${address}`), perAddress),
    windowOf(digest(`name ${name}`), perName),
  ];

  return {
    take: (attempt) => {
      const both = windowsOf(attempt);
      const used = both.filter(({ left }) => left <= 0);
      if (used.length > 0) {
        return Math.ceil((Math.max(...used.map(({ endsAt }) => endsAt)) - now()) / 1000);
      }
      for (const window of both) window.left -= 1;
      return undefined;
    },
    giveBack: (attempt) => {
      for (const window of windowsOf(attempt)) window.left = Math.min(window.left + 1, window.most);
    },
  };
}

/** Keys of one length, whatever was typed. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
