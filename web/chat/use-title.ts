import { totalUnread } from '@rov/realtime/client';
import { useEffect } from 'react';

import { useWatched } from './chat-context.ts';

const NAME = 'rov';

/** What is unread stands in the tab's title, where one sees it from another tab. */
export function useTitle(): void {
  const unread = useWatched(totalUnread);
  useEffect(() => {
    document.title = unread === 0 ? NAME : `(${unread}) ${NAME}`;
    return () => {
      document.title = NAME;
    };
  }, [unread]);
}
