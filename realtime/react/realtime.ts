import { createContext } from 'react';

import { createChatClient } from '../client/chat/chat-client.ts';
import type { ChatClient, ChatClientOptions } from '../client/chat/chat-client.ts';
import { createHold } from '../client/create-hold.ts';
import type { RealtimeApiOptions } from '../client/realtime-api.ts';
import { createSession } from '../client/session.ts';
import type { Session } from '../client/session.ts';
import { builtInUrl, FALLBACK_URL } from './default-url.ts';
import { reportToConsole } from './report-to-console.ts';

/** What the hooks below one provider share. */
export interface Realtime {
  session: Session;
  /** The chat client, made when a hook first asks for it; null where nobody said who is signed in. */
  chat: () => ChatClient | null;
  /** Keeps it going. Returns the way to let go. */
  holdChat: () => () => void;
}

export const RealtimeContext = createContext<Realtime | null>(null);

/** What may be another in each render. */
interface Current {
  api?: RealtimeApiOptions | undefined;
  url?: string | undefined;
  onError?: ((error: unknown) => void) | undefined;
}

const HERE: RealtimeApiOptions = { baseUrl: '', getAuth: () => null };

/** Of one user: the connection, and the chat client as soon as a hook needs it. */
export function createRealtime({
  userId,
  storage,
  tells,
  current,
}: Pick<ChatClientOptions, 'storage' | 'tells'> & {
  userId: string | undefined;
  current: () => Current;
}): Realtime {
  const report = (error: unknown) => (current().onError ?? reportToConsole)(error);
  const apiNow = () => current().api ?? HERE;
  const session = createSession({
    ...{ api: apiNow, fallbackUrl: FALLBACK_URL, report },
    url: () => current().url ?? builtInUrl(),
  });
  let made: ChatClient | undefined;

  const make = (signedIn: string) =>
    createChatClient({
      ...{ userId: signedIn, session, storage, tells, report },
      api: {
        get baseUrl() {
          return apiNow().baseUrl;
        },
        get onUnauthorized() {
          return apiNow().onUnauthorized;
        },
        getAuth: () => apiNow().getAuth(),
      },
    });

  return {
    session,
    chat: () => (userId === undefined ? null : (made ??= make(userId))),
    holdChat: createHold(() => {
      made?.start();
      return () => made?.stop();
    }),
  };
}

/** Of a client that somebody else starts and stops. */
export function realtimeOf(client: ChatClient): Realtime {
  return { session: client.session, chat: () => client, holdChat: () => () => undefined };
}
