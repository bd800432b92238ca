import { useEffect } from 'react';

import { totalUnread } from '../state/inbox.ts';
import { useWatched } from './chat-context.ts';
import type { ChatModel } from './create-chat.ts';

const NAME = 'rov';

/** What is unread stands in the tab's title, where one sees it from another tab. */
export function useTitle(chat: ChatModel): void {
  const unread = totalUnread(useWatched(chat.inbox).inbox);
  useEffect(() => {
    document.title = unread === 0 ? NAME : `(${unread}) ${NAME}`;
    return () => {
      document.title = NAME;
    };
  }, [unread]);
}
