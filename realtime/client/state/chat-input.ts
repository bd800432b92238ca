import type {
  Conversation,
  ConversationList,
  Message,
  Presence,
  ReadState,
  Sync,
} from '../../contract/index.ts';
import type { Connection } from '../../contract/rest/people.ts';
import type { Trouble, Wanted } from './chat-state.ts';
import type { Written } from './pending.ts';
import type { PageFacts } from './transcript-pages.ts';

/** Anything that a channel carried: a type and fields of the contract, or what a newer server says. */
export interface HeardEvent {
  type: string;
  [field: string]: unknown;
}

/** What is fetched, as far as it can fail apart from the rest. */
export type Fetched =
  | { what: 'list' }
  | { what: 'people' }
  | { what: 'presence' }
  | { what: 'row'; conversationId: string }
  | { what: 'messages'; conversationId: string };

/** `asked` everywhere: `turn` of the state when the request left. */
export type ChatInput =
  /** An event of the user's own channel, or of a conversation's where one is named. `now` in ms since the epoch. */
  | { type: 'event'; conversationId: string | null; event: HeardEvent; now: number }
  /** Something may have been missed on a channel: the user's own, or a conversation's. */
  | { type: 'lost'; conversationId: string | null }
  | { type: 'tick'; now: number }
  | { type: 'opened'; conversationId: string }
  | { type: 'closed'; conversationId: string }
  /** Somebody names a conversation that may lie beyond what was loaded. */
  | { type: 'looked_up'; conversationId: string }
  | { type: 'wanted'; conversationId: string; wanted: Wanted }
  | { type: 'wanted_more' }
  | { type: 'wanted_people' }
  /** The list from its beginning, as far as it was loaded before. */
  | { type: 'list'; list: ConversationList; asked: number }
  | { type: 'more'; list: ConversationList; cursor: string; asked: number }
  | { type: 'sync'; sync: Sync; asked: number }
  /** The server does not take the cursor any more. */
  | { type: 'sync_expired' }
  | { type: 'row'; conversationId: string; row: Conversation | null; asked: number }
  | ({ type: 'page'; conversationId: string } & PageFacts)
  /** A message as an answer to a send, an edit or a choice has it. */
  | { type: 'message'; message: Message }
  | { type: 'people'; items: readonly Connection[]; asked: number }
  | { type: 'presence'; items: readonly Presence[]; asked: number }
  | { type: 'read'; conversationId: string; seq: number }
  | { type: 'read_stored'; conversationId: string; state: ReadState }
  | { type: 'failed'; fetched: Fetched; trouble: Trouble }
  | { type: 'written'; conversationId: string; send: Written }
  | { type: 'sending'; conversationId: string; clientId: string }
  | {
      type: 'send_failed';
      conversationId: string;
      clientId: string;
      reason: string;
      retryAt: number | null;
    }
  | { type: 'retried'; conversationId: string; clientId: string }
  /** The connection is back: whatever waits for its time need not wait longer. */
  | { type: 'resumed' }
  | { type: 'discarded'; conversationId: string; clientId: string };
