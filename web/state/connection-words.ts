/** What the banner can know of the way to the server. */
export type ConnectionFacts = {
  /** Whether the browser has a network. */
  online: boolean;
  /** The state of the user's own channel. */
  live: 'waiting' | 'connecting' | 'subscribed' | 'unsubscribed' | 'error';
  /** Whether that channel was heard before in this window. */
  wasLive: boolean;
  /** Whether the last request to the API went unanswered or was refused for the moment. */
  apiFails: boolean;
};

/** What to tell the user of the connection; null while there is nothing to tell. */
export function connectionWords({
  online,
  live,
  wasLive,
  apiFails,
}: ConnectionFacts): string | null {
  // A browser without a network still reaches a server on the same machine.
  if (!online && live !== 'subscribed')
    return 'You are offline. What you write is sent when the connection is back.';
  if (live === 'error' || live === 'unsubscribed') {
    return 'Live updates have stopped. New messages do not appear by themselves.';
  }
  if (live === 'subscribed') return apiFails ? 'The server does not answer. Trying again…' : null;
  if (apiFails) return 'The server cannot be reached. Trying again…';
  return wasLive ? 'Reconnecting… New messages may arrive late.' : 'Connecting…';
}

/** Whether the state will not mend by itself. */
export function isFinal({ online, live }: ConnectionFacts): boolean {
  return online && (live === 'error' || live === 'unsubscribed');
}
