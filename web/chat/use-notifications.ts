import { useEffect } from 'react';

import { useChat } from './chat-context.ts';
import { createNotifier } from './create-notifier.ts';
import { holdLock, unlessHeld } from './locks.ts';
import { canNotify } from './notification-choice.ts';
import { useVisible } from './use-page.ts';

/** One tab of the browser notifies its user, while none of their tabs is in front. */
export function useNotifications(): void {
  const { me, client, notifications } = useChat();
  const visible = useVisible();
  const inFront = `rov.${me.id}.in-front`;

  useEffect(() => {
    if (!visible || !canNotify()) return;
    return holdLock(inFront, { mode: 'shared' });
  }, [visible, inFront]);

  useEffect(() => {
    if (!canNotify()) return;
    const notifier = createNotifier({
      client,
      onNews: (show) => {
        if (notifications.isOn()) void unlessHeld(inFront, show);
      },
    });
    const resign = holdLock(`rov.${me.id}.notifier`, {
      mode: 'exclusive',
      onHeld: notifier.start,
    });
    return () => {
      resign();
      notifier.stop();
    };
  }, [me.id, client, notifications, inFront]);
}
