import { useEffect, useState } from 'react';

import { connectionWords, isDelayed, isSignedOut } from '../state/connection-words.ts';
import { standingTrouble } from '../state/standing-trouble.ts';
import { useConnection, useWatched } from './chat-context.ts';
import { useDelay } from './use-delay.ts';
import { useOnline } from './use-page.ts';

/** A blink of the connection is not worth a line that moves the page. */
const PATIENCE_MS = 1200;

/** One line that tells what is wrong with the connection, as long as something is. */
export function ConnectionBanner() {
  const connection = useConnection();
  const facts = {
    ...{ connection, serverIsHere: isHere(location.hostname) },
    online: useOnline(),
    trouble: useWatched(standingTrouble),
    delayS: useDelay(),
  };
  const words = connectionWords(facts);
  const lasting = useLasting(words !== null);
  return (
    <output className="block">
      {lasting && (
        <p className="bg-notice text-on-notice flex flex-wrap items-center justify-center gap-x-2 px-4 py-1 text-center text-sm">
          <span>
            {words}
            {isDelayed(facts) && <span aria-hidden="true"> {facts.delayS} s</span>}
          </span>
          {connection.status === 'ended' && (
            <button
              type="button"
              className="font-medium underline"
              onClick={() => location.reload()}
            >
              {isSignedOut(facts) ? 'Sign in' : 'Start again'}
            </button>
          )}
        </p>
      )}
    </output>
  );
}

function isHere(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** Whether it has been so for a moment; its end shows at once. */
function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(now), now ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [now]);
  return now && lasting;
}
