import { createSession } from '../../../../realtime/client/session.ts';
import { fakePage } from '../../../fake-page.ts';

const NOWHERE = 'ws://127.0.0.1:9/';

/** What the shipped client does in a tab: it connects, listens to the user's own channel, and beats. */
export function openTab({ apiUrl, token }: { apiUrl: string; token: string }) {
  const page = fakePage();
  const session = createSession({
    api: () => ({ baseUrl: apiUrl, getAuth: () => token }),
    url: () => undefined,
    fallbackUrl: NOWHERE,
    report: () => undefined,
    lingerMs: 0,
  });
  const stop = session.watchPresence(page);
  return {
    /** What its user sees of themselves. */
    status: () => session.presence.view.get().status,
    /** As a browser does at a reload or when the tab is closed: `pagehide`, and then nothing more runs. */
    close: () => {
      page.leave();
      stop();
    },
  };
}
