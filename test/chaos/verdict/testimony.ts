import type { Receipt } from '@rov/realtime';

import type { RawPublication, Reload } from '../../harness/recorder.ts';
import type { Deed } from '../load/ledger.ts';
import type { Listed } from '../witness/list-view.ts';
import type { Excuses } from './excuses.ts';
import type { Publications } from './publications.ts';

/** What became of a message, as far as it was told. */
export type MessageState = {
  ev?: number | undefined;
  content: string;
  reactions?: readonly { emoji: string; count: number }[] | undefined;
};

/** What one page got and showed. */
export type Testimony = {
  name: string;
  userId: string;
  /** The conversations that it looked at. */
  conversations: readonly string[];
  /** Whether its user’s own channel is told of anything. */
  hearsChat: boolean;
  raw: readonly Pick<RawPublication, 'channel' | 'data' | 'receivedAt'>[];
  shown: (conversationId: string) => readonly { clientId: string }[];
  /** Each message of a conversation as it shows it in the end, by id. */
  states: (conversationId: string) => ReadonlyMap<string, MessageState>;
  reloads: readonly Reload[];
  /** Its list of conversations in the end. */
  list: ReadonlyMap<string, Listed>;
  /** The last state of others that it knows, by user. */
  presence: ReadonlyMap<string, { status: string; version: number }>;
};

/** How things are, asked of Postgres when all is quiet. */
export type Truth = {
  /** Who is in which conversation now. */
  memberships: readonly {
    userId: string;
    conversationId: string;
    lastSeq: number;
    lastReadSeq: number;
    unreadFromSeq: number | null;
  }[];
  /** What was said and what became of it, in the conversations that somebody looks at. */
  messages: readonly (MessageState & { id: string; conversationId: string; clientId: string })[];
  /** How far the readers of lanes are, as others are told who ask. */
  receipts: readonly (Receipt & { conversationId: string })[];
  presence: readonly { userId: string; status: string; version: number }[];
  /** Who might sign out: whether any API takes their token, and since when they have the connection that they have. */
  leavers: readonly { userId: string; isAdmitted: boolean; connectedAt: number | null }[];
  /** Who hears of whose presence. */
  contacts: readonly { userId: string; contactId: string }[];
};

export type Case = {
  deeds: readonly Deed[];
  pages: readonly Testimony[];
  truth: Truth;
  published: Publications;
  excuses: Excuses;
};
