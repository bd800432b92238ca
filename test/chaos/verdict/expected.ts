import { chatChannel, conversationChannel } from '@rov/realtime';

import type { Deed } from '../load/ledger.ts';
import type { Testimony } from './testimony.ts';

/** Events that must have come over one channel to one page, one for each of the deeds. */
export type Expected = {
  channel: string;
  conversationId: string;
  /** As `keyOf` (event-key.ts) names such an event. */
  key: string;
  deeds: readonly Deed[];
  /** Of sends, and of what became of a message: which, from where a resync may ask to read again. */
  seq?: number;
};

type Announcement = Omit<Expected, 'deeds'> & { deed: Deed };

/** What a page must have heard of the deeds that were acknowledged. */
export function expectedOf(
  page: Pick<Testimony, 'userId' | 'conversations' | 'hearsChat'>,
  deeds: readonly Deed[],
): Expected[] {
  const all = deeds
    .filter(({ outcome }) => outcome === 'acknowledged')
    .flatMap((deed) => announcementsOf(deed, page))
    .filter(({ channel }) => page.hearsChat || channel !== chatChannel(page.userId));
  // Somebody may come and go often: there must be as many events of a kind as there were deeds.
  return [...Map.groupBy(all, ({ channel, key }) => `${channel} ${key}`).values()].map((same) => {
    const { deed: _, ...common } = same[0]!;
    return { ...common, deeds: same.map(({ deed }) => deed) };
  });
}

function announcementsOf(
  deed: Deed,
  { userId, conversations }: Pick<Testimony, 'userId' | 'conversations'>,
): Announcement[] {
  // What these come to in the end is judged elsewhere (lists.ts, sign-outs.ts).
  if (!('conversationId' in deed)) return [];
  const { conversationId } = deed;
  const onChat = (key: string, seq?: number): Announcement => ({
    deed,
    conversationId,
    channel: chatChannel(userId),
    key,
    ...(seq !== undefined && { seq }),
  });
  const onConversation = (key: string, seq?: number): Announcement => ({
    ...onChat(key, seq),
    channel: conversationChannel(conversationId),
  });
  const isWatching = conversations.includes(conversationId);
  switch (deed.verb) {
    case 'send': {
      const { clientId, seq } = deed;
      if (!isWatching) return [];
      return [onConversation(`message ${clientId}`, seq), onChat(`new_message ${clientId}`, seq)];
    }
    case 'edit': {
      const { messageId, seq, revision } = deed;
      return isWatching ? [onConversation(`message_updated ${messageId} ${revision}`, seq)] : [];
    }
    case 'delete': {
      const { messageId, seq } = deed;
      if (!isWatching) return [];
      const told = onChat(`deleted ${conversationId} ${seq}`, seq);
      return [onConversation(`message_deleted ${messageId}`, seq), told];
    }
    case 'react':
    case 'take reaction back': {
      const { messageId, seq, emoji } = deed;
      const key = `reaction ${messageId} ${deed.userId} ${emoji} ${deed.verb === 'react'}`;
      return isWatching ? [onConversation(key, seq)] : [];
    }
    case 'open direct':
    case 'create group':
      return deed.userIds.includes(userId) ? [onChat(`conversation_added ${conversationId}`)] : [];
    case 'add member':
      return [
        ...(deed.userId === userId ? [onChat(`conversation_added ${conversationId}`)] : []),
        ...(isWatching ? [onConversation(`member_joined ${conversationId} ${deed.userId}`)] : []),
      ];
    case 'remove member':
    case 'leave':
      return [
        ...(deed.userId === userId ? [onChat(`conversation_removed ${conversationId}`)] : []),
        ...(isWatching ? [onConversation(`member_left ${conversationId} ${deed.userId}`)] : []),
      ];
    case 'change role':
      if (!isWatching) return [];
      return [onConversation(`member_updated ${conversationId} ${deed.userId} ${deed.role}`)];
    case 'rename': {
      const key = `conversation_updated ${conversationId} ${deed.title}`;
      return isWatching ? [onConversation(key), onChat(key)] : [];
    }
    case 'mark read': {
      if (deed.userId !== userId) return [];
      return [onChat(`read ${conversationId} ${deed.lastReadSeq}`)];
    }
    // A mark that is there already is announced to nobody, and a receipt is promised to nobody: of both counts what they
    // come to in the end (lists.ts, pointers.ts).
    case 'mark unread':
    case 'report delivered':
      return [];
    default:
      return deed satisfies never;
  }
}
