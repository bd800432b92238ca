import type { ChatClient } from '@rov/realtime/client';
import { useState, useSyncExternalStore } from 'react';

import { delaySeconds, noted, unheardIn } from '../state/unheard.ts';
import { useChat } from './chat-context.ts';

/** For how many seconds what the server has taken from this window has not been heard of again. */
export function useDelay(): number {
  const { client } = useChat();
  const [delay] = useState(() => watchDelay(client));
  return useSyncExternalStore(delay.watch, delay.seconds);
}

function watchDelay(client: ChatClient) {
  let since: ReadonlyMap<string, number> = new Map();

  function seconds(): number {
    const now = Date.now();
    since = noted(since, { unheard: unheardIn(client.getState()), now });
    return delaySeconds(since, now);
  }

  function watch(listener: () => void): () => void {
    let timer: ReturnType<typeof setInterval> | undefined;
    function look() {
      seconds();
      listener();
      if (since.size > 0) timer ??= setInterval(look, 1000);
      else stop();
    }
    function stop() {
      clearInterval(timer);
      timer = undefined;
    }
    const unsubscribe = client.subscribe(look);
    return () => {
      stop();
      unsubscribe();
    };
  }

  return { seconds, watch };
}
