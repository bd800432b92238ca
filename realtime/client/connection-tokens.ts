import type { Cell } from './cell.ts';
import { RealtimeError } from './realtime-error.ts';
import { tokenClaims } from './token-claims.ts';

interface ConnectionTokensOptions {
  getToken?: (() => Promise<string>) | undefined;
  token?: string | undefined;
  userId: Cell<string | undefined>;
}

/** Which token comes next: an offered one that was not used yet, else a fetched one. */
export function createConnectionTokens({ getToken, token, userId }: ConnectionTokensOptions) {
  let offered = token;
  let used: string | undefined;
  let fault: unknown;

  async function choose(): Promise<string> {
    if (offered !== undefined && offered !== used) return offered;
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
      offered = fresh;
      return true;
    },
    /** False without a way to another token: then a clock that is wrong must not throw away a good one. */
    expired: (): boolean => {
      const hasOther = getToken !== undefined || offered !== used;
      const expiresAtMs = used === undefined ? undefined : tokenClaims(used).expiresAtMs;
      return hasOther && expiresAtMs !== undefined && expiresAtMs <= Date.now();
    },
    /** What the source of the last token threw, if it did. */
    fault: () => fault,
  };
}
