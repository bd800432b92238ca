import type { Page } from './activity.ts';
import { createAsk } from './ask.ts';
import { createConnection } from './connection.ts';
import { createConnections } from './connections.ts';
import type { Lease } from './connections.ts';
import { createHold } from './create-hold.ts';
import { createPresence } from './presence.ts';
import type { PresenceWatch } from './presence.ts';
import { createRealtimeApi } from './realtime-api.ts';
import type { RealtimeApi, RealtimeApiOptions } from './realtime-api.ts';

export interface SessionOptions {
  /** Asked before each call. */
  api: () => RealtimeApiOptions;
  /** The address where it is known before the first token; else the token's answer tells it. */
  url: () => string | undefined;
  /** Used when nothing else says an address. */
  fallbackUrl: string;
  report: (error: unknown) => void;
  /** How long an unused connection and an unwatched presence live on. */
  lingerMs?: number;
}

/** One signed-in user in one tab: a connection that all share, and one presence. */
export interface Session {
  /** The user's connection; another `url` than the usual one makes another. */
  acquire: (options?: { url?: string | undefined; token?: string | undefined }) => Lease;
  subscriptionToken: (channel: string) => Promise<string>;
  presence: PresenceWatch;
  /** Beats and listens until the last caller stopped. */
  watchPresence: (page: Page) => () => void;
  api: RealtimeApi;
  report: (error: unknown) => void;
}

export function createSession({
  api: apiOptions,
  url,
  fallbackUrl,
  report,
  lingerMs = 2_000,
}: SessionOptions): Session {
  const api = createRealtimeApi(createAsk(apiOptions));
  const connections = createConnections({ lingerMs });
  const presence = createPresence({ api, report });
  let toldUrl: string | undefined;

  async function getToken(): Promise<string> {
    const answer = await api.connectionToken();
    toldUrl = answer.url;
    return answer.token;
  }

  const acquire: Session['acquire'] = ({ url: ownUrl, token } = {}) =>
    connections.acquire(ownUrl === undefined || ownUrl === url() ? 'usual' : ownUrl, () =>
      createConnection({
        address: () => ownUrl ?? url() ?? toldUrl ?? fallbackUrl,
        getToken,
        getPosition: api.position,
        token,
        report,
      }),
    );

  const watchPresence = createHold(
    (page: Page) => {
      const lease = acquire();
      const stop = presence.start({ connection: lease.connection, page });
      return () => {
        stop();
        lease.release();
      };
    },
    { lingerMs },
  );

  return {
    acquire,
    subscriptionToken: async (channel) => (await api.subscriptionToken(channel)).token,
    presence,
    watchPresence,
    api,
    report,
  };
}
