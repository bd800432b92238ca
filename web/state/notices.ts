import type { Conversation } from '@rov/realtime';
import { conversationOf } from '@rov/realtime/client';
import type { ChatState } from '@rov/realtime/client';

import { nameIn } from './names.ts';
import { titleOf } from './who.ts';

/** What to notify somebody of. */
export type Notice = { conversationId: string; title: string; body: string };

type Knowing = Pick<ChatState, 'me' | 'inbox' | 'people' | 'rooms'>;

/** What was said longer ago is found in the list: somebody was offline, and need not be called. */
const JUST_NOW_MS = 60_000;

/** The newest that others said between two states, in each conversation where it is unread. Times in ms since the epoch. */
export function noticesBetween({
  before,
  after,
  now,
}: {
  before: Knowing;
  after: Knowing;
  now: number;
}): Notice[] {
  if (before.inbox.status === 'loading') return [];
  return after.inbox.conversations.flatMap((conversation) => {
    const last = conversation.lastMessage;
    const heardTo = conversationOf(before, conversation.id)?.lastSeq ?? 0;
    if (last === null || last.seq <= heardTo) return [];
    if (now - Date.parse(last.createdAt) > JUST_NOW_MS) return [];
    if (last.type === 'system' || (last.deletedAt ?? null) !== null) return [];
    if (last.senderId === after.me || last.seq <= conversation.lastReadSeq) return [];
    const title = whoAndWhere(after, conversation, last.senderId);
    return [{ conversationId: conversation.id, title, body: last.preview }];
  });
}

/** "Ann", or in groups "Ann in Walk on Sunday". */
function whoAndWhere(state: Knowing, conversation: Conversation, userId: string): string {
  const name = nameIn(state, { conversationId: conversation.id, userId }) ?? 'Somebody';
  if (conversation.kind === 'direct') return name;
  return `${name} in ${titleOf(conversation, state.me)}`;
}
