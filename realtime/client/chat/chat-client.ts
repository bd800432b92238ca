import type { Page } from '../activity.ts';
import { createAsk } from '../ask.ts';
import type { Cell } from '../cell.ts';
import type { ChannelState } from '../channel-state.ts';
import type { RealtimeApiOptions } from '../realtime-api.ts';
import { createSession } from '../session.ts';
import type { Session } from '../session.ts';
import { emptyChat } from '../state/chat-state.ts';
import type { ChatState } from '../state/chat-state.ts';
import { createActions } from './chat-actions.ts';
import type { ChatActions } from './chat-actions.ts';
import { createChatApi } from './chat-api.ts';
import { createConnectionStatus } from './connection-status.ts';
import type { ConnectionStatus } from './connection-status.ts';
import { createStore } from './create-store.ts';
import { createExpiry } from './expire-passing.ts';
import { createFetcher } from './fetch-needs.ts';
import { createPendingKeeper } from './keep-pending.ts';
import type { PendingStorage } from './keep-pending.ts';
import { createSilenceWatch } from './notice-silence.ts';
import { noticeWaking } from './notice-waking.ts';
import { createOpenRooms } from './open-rooms.ts';
import type { OpenOptions } from './open-rooms.ts';
import { pageHere, stillPage } from './page-here.ts';
import { createDeliveredReports } from './report-delivered.ts';
import { createReadReports } from './report-read.ts';
import { createSender } from './send-in-order.ts';
import { createTypingReports } from './tell-typing.ts';
import { createViewingReports } from './tell-viewing.ts';
import { watchUser } from './watch-channels.ts';

export interface ChatClientOptions {
  api: RealtimeApiOptions;
  /** Who is signed in: the `sub` of the bearer token. */
  userId: string;
  /** Centrifugo's WebSocket; otherwise what the token's answer says. */
  url?: string | undefined;
  /** A session to share, with its connection; otherwise one of its own. */
  session?: Session | undefined;
  /** The API refused the bearer token. */
  onUnauthorized?: (() => void) | undefined;
  /** What failed and is tried again, and what a listener threw. */
  report?: ((error: unknown) => void) | undefined;
  /** Where sends that are not confirmed outlive this client. */
  storage?: PendingStorage | undefined;
  /** Whether others are told that the user is here, writes, or looks at a conversation. Default all of it. */
  tells?:
    | { presence?: boolean; typing?: boolean; viewing?: boolean; delivered?: boolean }
    | undefined;
  /** What tells of the user's presence; in a browser window and document. */
  page?: Page | undefined;
}

export interface ChatClient extends ChatActions {
  getState: () => ChatState;
  /** Calls back after each change. Returns the way to stop. */
  subscribe: (listener: () => void) => () => void;
  /** How the user's own channel stands. */
  live: Cell<ChannelState>;
  /** The same in the terms of a banner: since when, and until when it was live. */
  connection: Cell<ConnectionStatus>;
  /** Connects and loads; what is stopped can be started again. */
  start: () => void;
  stop: () => void;
  /** Loads a conversation and listens to it, until the returned function is called. */
  open: (conversationId: string, how?: OpenOptions) => () => void;
  markRead: (conversationId: string, seq: number) => void;
  /** Whatever waits for its time need not wait longer. */
  resume: () => void;
  /** The connection and the presence, to be shared with the hooks. */
  session: Session;
}

/**
 * A chat client without a framework: holds what one user knows, keeps it true over the socket and the REST API, and
 * sends what the user writes. Runs where there are `fetch` and `WebSocket`.
 *
 * @example
 * const chat = createChatClient({ api: { baseUrl, getAuth: () => token }, userId });
 * chat.subscribe(() => draw(chat.getState()));
 * chat.start();
 * const close = chat.open(conversationId);
 * chat.send(conversationId, 'Good morning');
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  const { userId, report = () => {}, tells = {} } = options;
  const page = options.page ?? pageHere();
  const { api, session } = serverOf(options, report);
  const store = createStore(emptyChat(userId), report);
  const connection = createConnectionStatus(page);
  const fetcher = createFetcher({ api, store });
  const sender = createSender({ api, store });
  const reads = createReadReports({ api, store });
  const delivered = createDeliveredReports({ api, store });
  const viewing = tells.viewing === false ? null : createViewingReports({ api });
  const typing = tells.typing === false ? null : createTypingReports({ api });
  const rooms = createOpenRooms({ store, viewing });
  const keeper = createPendingKeeper({ storage: options.storage, store, report });
  const expiry = createExpiry({ store });
  const silence = createSilenceWatch({ store });
  const ends: (() => void)[] = [];

  store.subscribe(() => {
    fetcher.nudge();
    for (const part of [expiry, silence, rooms]) part.look();
    keeper.save();
    if (tells.delivered !== false && ends.length > 0) delivered.look();
  });

  function resume() {
    store.dispatch({ type: 'resumed' });
    fetcher.wake();
    sender.wakeAll();
    reads.wake();
  }

  function start() {
    if (ends.length > 0) return;
    const lease = session.acquire();
    const watching = {
      ...{ connection: lease.connection, store, onHeard: resume },
      subscriptionToken: session.subscriptionToken,
    };
    ends.push(
      noticeWaking({ page, onWake: rooms.doubt, onOnline: resume }),
      watchUser({ ...watching, userId, live: connection.live }),
      rooms.stop,
      connection.start(),
      ...(tells.presence === false ? [] : [session.watchPresence(page ?? stillPage())]),
      lease.release,
    );
    rooms.start(watching);
    fetcher.start();
    void keeper.load().then(sender.wakeAll);
  }

  function stop() {
    for (const end of ends.splice(0)) end();
    for (const reports of [viewing, typing]) reports?.stopAll();
    for (const part of [fetcher, sender, reads, delivered, expiry, silence]) part.stop();
  }

  return {
    ...createActions({ api, store, sender, typing }),
    ...{ getState: store.get, subscribe: store.subscribe, session },
    ...{ live: connection.live, connection: connection.told },
    ...{ start, stop, resume, open: rooms.open, markRead: reads.markRead },
  };
}

/** The server as this client sees it: the REST API, and the socket with its tokens. */
function serverOf(
  { api, url, onUnauthorized, session }: ChatClientOptions,
  report: (error: unknown) => void,
) {
  const fallbackUrl = 'ws://localhost:8000/connection/websocket';
  const asked = () => ({ onUnauthorized, ...api });
  return {
    api: createChatApi(createAsk(asked)),
    session: session ?? createSession({ api: asked, url: () => url, fallbackUrl, report }),
  };
}
