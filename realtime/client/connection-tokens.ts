import type { Cell } from './cell.ts';
import { RealtimeError } from './realtime-error.ts';
import { tokenClaims } from './token-claims.ts';

/** The longest time between two attempts to connect. */
export const LONGEST_WAIT_MS = 5_000;

interface ConnectionTokensOptions {
  getToken?: (() => Promise<string>) | undefined;
  token?: string | undefined;
  userId: Cell<string | undefined>;
}

/** Which token comes next: an offered one that was not used yet, else a fetched one. */
export function createConnectionTokens({ getToken, token, userId }: ConnectionTokensOptions) {
  let offered = token;
  let taken: string | undefined;
  let used: string | undefined;
  let fault: unknown;

  async function choose(): Promise<string> {
    if (offered !== undefined) {
      taken = offered;
      offered = undefined;
      return taken;
    }
    if (getToken) return await getToken();
    throw new RealtimeError('The token is used up: pass a new one, or getToken', {
      code: 'token_expired',
    });
  }

  return {
    next: async (): Promise<string> => {
      try {
        used = await choose();
        fault = undefined;
        userId.set(tokenClaims(used).userId ?? userId.get());
        return used;
      } catch (error) {
        fault = error;
        throw error;
      }
    },
    /** Whether it is the user's own. */
    offer: (fresh: string): boolean => {
      const known = userId.get();
      const claimed = tokenClaims(fresh).userId;
      if (known !== undefined && claimed !== undefined && known !== claimed) return false;
      // Every component that was given this token offers it.
      if (fresh !== taken) offered = fresh;
      return true;
    },
    /**
     * Whether it will be too old at the next attempt. False without a way to another token: then a clock that
     * is wrong must not throw away a good one.
     */
    usedUp: (): boolean => {
      const hasOther = getToken !== undefined || offered !== undefined;
      const expiresAtMs = used === undefined ? undefined : tokenClaims(used).expiresAtMs;
      return hasOther && expiresAtMs !== undefined && expiresAtMs <= Date.now() + LONGEST_WAIT_MS;
    },
    /** What the source of the last token threw, if it did. */
    fault: () => fault,
  };
}
