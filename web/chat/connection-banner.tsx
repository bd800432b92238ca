import { isPassing } from '@rov/realtime/client';
import type { ChannelState } from '@rov/realtime/client';
import { useEffect, useState } from 'react';

import { connectionWords, isFinal } from '../state/connection-words.ts';
import { useWatched } from './chat-context.ts';
import { useOnline } from './use-page.ts';

/** A blink of the connection is not worth a line that moves the page. */
const PATIENCE_MS = 1200;

/** One line that tells what is wrong with the connection, as long as something is. */
export function ConnectionBanner({ live }: { live: ChannelState }) {
  const online = useOnline();
  const problem = useWatched(({ inbox }) => inbox.trouble);
  const wasLive = useEver(live.status === 'subscribed');
  const apiFails = problem !== null && isPassing(problem);
  const facts = { online, live: live.status, wasLive, apiFails };
  const words = useSettled(connectionWords(facts));
  return (
    <output className="block">
      {words !== null && (
        <p className="bg-notice text-on-notice flex items-center justify-center gap-2 px-4 py-1 text-center text-sm">
          {words}
          {isFinal(facts) && (
            <button
              type="button"
              className="font-medium underline"
              onClick={() => location.reload()}
            >
              Start again
            </button>
          )}
        </p>
      )}
    </output>
  );
}

function useEver(now: boolean): boolean {
  const [ever, setEver] = useState(now);
  if (now && !ever) setEver(true);
  return ever || now;
}

/** The words once they have lasted; their end shows at once. */
function useSettled(words: string | null): string | null {
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setShown(words), words === null ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return words === null ? null : shown;
}
