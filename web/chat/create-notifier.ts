import { conversationOf } from '@rov/realtime/client';
import type { ChatClient } from '@rov/realtime/client';

import { noticesBetween } from '../state/notices.ts';
import type { Notice } from '../state/notices.ts';
import { openConversation } from './use-route.ts';

/** Shows as notifications what others say, where `onNews` lets it, and takes them away once they are read. */
export function createNotifier({
  client,
  onNews,
}: {
  client: ChatClient;
  /** Is told that there is something to show, and shows it, now or later. */
  onNews: (show: () => void) => void;
}) {
  /** By conversation. */
  const shown = new Map<string, Notification>();
  let unsubscribe = () => {};

  function show({ conversationId, title, body }: Notice) {
    const notification = new Notification(title, { body, tag: conversationId, icon: '/icon.svg' });
    notification.addEventListener('click', () => {
      window.focus();
      openConversation(conversationId);
      takeAway(conversationId);
    });
    shown.set(conversationId, notification);
  }

  function takeAway(conversationId: string) {
    shown.get(conversationId)?.close();
    shown.delete(conversationId);
  }

  function takeAwayRead() {
    for (const conversationId of shown.keys()) {
      const unread = conversationOf(client.getState(), conversationId)?.unreadCount ?? 0;
      if (unread === 0) takeAway(conversationId);
    }
  }

  /** From now on. */
  function start() {
    let before = client.getState();
    unsubscribe = client.subscribe(() => {
      const after = client.getState();
      if (after.inbox === before.inbox) return;
      const notices = noticesBetween({ before, after, now: Date.now() });
      before = after;
      takeAwayRead();
      if (notices.length === 0) return;
      onNews(() => {
        for (const notice of notices) show(notice);
        // It may have been read while this was decided.
        takeAwayRead();
      });
    });
  }

  function stop() {
    unsubscribe();
    for (const conversationId of shown.keys()) takeAway(conversationId);
  }

  return { start, stop };
}
