import type { ConnectionStatus, Trouble } from '@rov/realtime/client';

/** What the banner can know of the way to the server. */
export type ConnectionFacts = {
  /** Whether the browser has a network. */
  online: boolean;
  /** Whether the server runs on this machine, and needs none. */
  serverIsHere: boolean;
  /** How news comes. */
  connection: Pick<ConnectionStatus, 'status' | 'error'>;
  /** Why the API gave no answer to something that is still asked for. */
  trouble: Trouble | null;
  /** For so many seconds something that the server has taken has not been heard of again. */
  delayS: number;
};

/** So long may everything take before it is worth a word. */
const DELAYED_S = 5;

/** With this code connections end when their user is signed out everywhere. */
const SESSION_ENDED = 4501;

/** What to tell the user of the connection; null while there is nothing to tell. */
export function connectionWords(facts: ConnectionFacts): string | null {
  const { connection, trouble } = facts;
  if (isSignedOut(facts)) return 'You are signed out.';
  if (connection.status === 'ended') {
    return 'Live updates have stopped. New messages do not appear by themselves.';
  }
  if (isOffline(facts)) return 'Offline: what you write will be sent later.';
  if (trouble !== null) return troubleWords(trouble);
  switch (connection.status) {
    case 'live':
      return isDelayed(facts) ? 'Messages may be delayed' : null;
    case 'reconnecting':
    case 'offline':
      return 'Reconnecting… New messages may arrive late.';
    default:
      return 'Connecting…';
  }
}

/** Whether only signing in again helps. */
export function isSignedOut({
  connection: { status, error },
}: Pick<ConnectionFacts, 'connection'>): boolean {
  if (status !== 'ended' || error === null) return false;
  return error.code === 'unauthorized' || error.number === SESSION_ENDED;
}

/** Whether news comes, and late: the words are without the seconds, which go on. */
export function isDelayed({ connection, trouble, delayS }: ConnectionFacts): boolean {
  return connection.status === 'live' && trouble === null && delayS >= DELAYED_S;
}

/** A connection that still stands needs a network like any other, unless it stays on this machine. */
function isOffline({ online, serverIsHere, connection }: ConnectionFacts): boolean {
  return !online && (!serverIsHere || connection.status !== 'live');
}

function troubleWords({ status }: Trouble): string {
  if (status === 0) return 'The server cannot be reached. Trying again…';
  if (status === 429) return 'That was too much at once. Going on in a moment…';
  return 'The server has a problem. Trying again…';
}
