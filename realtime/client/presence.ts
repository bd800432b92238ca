import { chatChannel, USER_ID_PATTERN } from '../contract/channels.ts';
import type { ChatChannelEvent } from '../contract/events.ts';
import type { Presence } from '../contract/primitives.ts';
import type { Page } from './activity.ts';
import { createCell, type Cell } from './cell.ts';
import type { Lease } from './connections.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { RealtimeApi } from './realtime-api.ts';

/** `unknown` is not offline: nothing was heard yet, or nothing can be heard now. */
export type KnownStatus = Presence['status'] | 'unknown';

export interface UserPresence {
  status: KnownStatus;
  /** ISO 8601; the user's last sign of life, null when there was none. */
  lastSeenAt: string | null;
  /** The higher one is the newer one. */
  version: number;
}

export interface PresenceView {
  /** Of everybody who was asked for or heard of. */
  presence: ReadonlyMap<string, UserPresence>;
  /** One's own, as others see it. */
  status: KnownStatus;
}

export interface PresenceWatch {
  view: Cell<PresenceView>;
  /** Asks for a user's presence, unless it was asked for. Calls of one moment become one request. */
  want: (userId: string) => void;
  /** Begins to beat and to listen. Returns the way to stop. */
  start: (options: { lease: Lease; page: Page }) => () => void;
}

interface PresenceOptions {
  api: Pick<RealtimeApi, 'presenceOf' | 'beat' | 'leave' | 'subscriptionToken'>;
  report: (error: unknown) => void;
  idleAfterMs?: number;
}

const GATHER_MS = 10;
const IDS_PER_REQUEST = 100;
const RETRY_MS = 5_000;

/** Whoever wants to know who is there, and to be there: one per signed-in user and tab. */
export function createPresence({
  api,
  report,
  idleAfterMs = 5 * 60_000,
}: PresenceOptions): PresenceWatch {
  const known = new Map<string, Presence>();
  const wanted = new Set<string>();
  const toAsk = new Set<string>();
  const asked = new Set<string>();
  let listening = false;
  let beating = false;
  let own: KnownStatus = 'unknown';
  let asking: ReturnType<typeof setTimeout> | undefined;
  const view = createCell<PresenceView>({ presence: new Map(), status: 'unknown' });

  function show() {
    const presence = new Map<string, UserPresence>();
    for (const { userId, status, lastSeenAt, version } of known.values()) {
      // What is not listened to, or not asked for again yet, may have changed.
      const current = listening && !toAsk.has(userId) && !asked.has(userId);
      presence.set(userId, { status: current ? status : 'unknown', lastSeenAt, version });
    }
    view.set({ presence, status: own });
  }

  function merge(items: readonly Presence[]) {
    for (const item of items) {
      wanted.add(item.userId);
      const before = known.get(item.userId);
      if (!before || item.version >= before.version) known.set(item.userId, item);
    }
  }

  /**
   * Only while we listen and the server knows us to be here: changes are told to those who are online, so
   * an answer from before that may already be old, and nobody would say so.
   */
  function ask(delayMs = GATHER_MS) {
    if (!listening || !beating || toAsk.size === 0) return;
    asking ??= setTimeout(() => void fetchPage(), delayMs);
  }

  async function fetchPage() {
    const ids = [...toAsk].slice(0, IDS_PER_REQUEST);
    for (const id of ids) {
      toAsk.delete(id);
      asked.add(id);
    }
    let failed = false;
    try {
      merge((await api.presenceOf(ids)).items);
    } catch (error) {
      failed = true;
      report(error);
      for (const id of ids) toAsk.add(id);
    }
    for (const id of ids) asked.delete(id);
    asking = undefined;
    show();
    ask(failed ? RETRY_MS : 0);
  }

  function askAgain() {
    for (const id of wanted) toAsk.add(id);
    show();
    ask();
  }

  function hear(data: unknown) {
    // The contract's events come on this channel; types that are not of today are ignored.
    const event = data as ChatChannelEvent;
    if (event.type === 'presence') {
      merge([event]);
      show();
    }
    if (event.type === 'presence_resync') askAgain();
  }

  function listen(lease: Lease, userId: string): () => void {
    return lease.connection.subscribe(chatChannel(userId), {
      onMessage: hear,
      onLoss: askAgain,
      onState: ({ status }) => {
        if (listening === (status === 'subscribed')) return;
        listening = status === 'subscribed';
        show();
        ask();
      },
      getSubscriptionToken: async (channel) => (await api.subscriptionToken(channel)).token,
    });
  }

  function start({ lease, page }: { lease: Lease; page: Page }): () => void {
    const sessionId = randomUuid();
    const { userId } = lease.connection;
    let unlisten: (() => void) | undefined;
    const begin = () => {
      const id = userId.get();
      if (id !== undefined) unlisten ??= listen(lease, id);
    };
    const unwatch = userId.watch(begin);
    begin();
    const stopBeating = startHeartbeat({
      page,
      idleAfterMs,
      report,
      beat: (state) => api.beat(sessionId, state),
      leave: () => api.leave(sessionId),
      onBeat: (session, lapsed) => {
        own = session.status;
        beating = true;
        if (lapsed) askAgain();
        else show();
      },
    });
    return () => {
      unwatch();
      unlisten?.();
      stopBeating();
      clearTimeout(asking);
      asking = undefined;
      listening = beating = false;
      own = 'unknown';
      show();
    };
  }

  return {
    view,
    start,
    want: (userId) => {
      if (wanted.has(userId) || !USER_ID_PATTERN.test(userId)) return;
      wanted.add(userId);
      toAsk.add(userId);
      ask();
    },
  };
}

/** `crypto.randomUUID` exists only on pages from https or localhost. */
function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
