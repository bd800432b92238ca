import { NotPossible } from '../ui/use-action.ts';

/** Whether this page can show notifications at all, and agree with its other tabs on which of them does. */
export function canNotify(): boolean {
  return 'Notification' in window && 'locks' in navigator;
}

/** Whether one user wants to be notified: in all tabs of this browser, until they sign out. */
export function createNotificationChoice({
  storage,
  userId,
}: {
  storage: Storage;
  userId: string;
}) {
  const key = `rov.notify.${userId}`;
  const listeners = new Set<() => void>();

  function tell() {
    for (const listener of listeners) listener();
  }

  function turnOff() {
    storage.removeItem(key);
    tell();
  }

  return {
    /** Both have to want it: the user, and still the browser. */
    isOn: () =>
      canNotify() && Notification.permission === 'granted' && storage.getItem(key) !== null,
    /** Asks the browser, which asks the user: only ever after a gesture. */
    turnOn: async () => {
      if (Notification.permission !== 'granted' && !pagesMayShow()) {
        throw new NotPossible('This browser takes no notifications from web pages.');
      }
      const permission = await Notification.requestPermission();
      if (permission !== 'granted') throw new NotPossible(REFUSALS[permission]);
      storage.setItem(key, 'on');
      tell();
    },
    turnOff,
    /** Calls back after each change, also of another tab. Returns the way to stop. */
    watch: (listener: () => void) => {
      listeners.add(listener);
      addEventListener('storage', listener);
      return () => {
        listeners.delete(listener);
        removeEventListener('storage', listener);
      };
    },
  };
}

const REFUSALS = {
  denied:
    'Your browser does not allow notifications here. To change that, click the icon before the address, allow notifications, and try again.',
  default: 'Your browser has not allowed notifications yet.',
};

/** On phones only service workers may, and the constructor throws. Without a permission it shows nothing. */
function pagesMayShow(): boolean {
  try {
    new Notification('').close();
    return true;
  } catch {
    return false;
  }
}
