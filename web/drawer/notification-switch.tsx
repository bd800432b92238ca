import { useSyncExternalStore } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { canNotify } from '../chat/notification-choice.ts';
import { isUnderWay, Refusal } from '../ui/refusal.tsx';
import { useAction } from '../ui/use-action.ts';

/** Whether this browser notifies of what others write. Nothing where it cannot. */
export function NotificationSwitch() {
  const { notifications } = useChat();
  const on = useSyncExternalStore(notifications.watch, notifications.isOn);
  const turning = useAction();
  if (!canNotify()) return null;
  return (
    <div className="border-line mt-2 border-t pt-2">
      <button
        type="button"
        className="hover:bg-hover -mx-1 min-h-9 w-[calc(100%+0.5rem)] rounded-md px-1 text-start transition-colors"
        disabled={isUnderWay(turning)}
        onClick={() => (on ? notifications.turnOff() : void turning.run(notifications.turnOn))}
      >
        {on ? 'Turn off notifications' : 'Turn on notifications'}
      </button>
      <Refusal of={turning} />
    </div>
  );
}
