import { usePresence } from '@rov/realtime/react';
import type { KnownStatus } from '@rov/realtime/react';

import { useNow } from '../chat/use-now.ts';
import { agoWords } from '../state/time-words.ts';

const DOTS: Record<KnownStatus, string> = {
  online: 'bg-online',
  away: 'bg-away',
  offline: 'border-2 border-edge bg-surface',
  unknown: 'border-2 border-dotted border-edge bg-surface',
};

/** On an avatar's edge; the word is there for those who do not see the colour. */
export function PresenceDot({ userId }: { userId: string }) {
  const status = usePresence().statusOf(userId);
  return (
    <span className="bg-surface absolute -end-0.5 -bottom-0.5 rounded-full p-0.5" title={status}>
      <span className={`block size-2.5 rounded-full ${DOTS[status]}`} />
      <span className="sr-only">{status}</span>
    </span>
  );
}

/** The word itself. */
export function PresenceText({ userId }: { userId: string }) {
  return <span className="text-muted text-sm">{usePresence().statusOf(userId)}</span>;
}

/** The word, and of somebody who is not there the last sign of life. */
export function PresenceLine({ userId }: { userId: string }) {
  const { presence, statusOf } = usePresence();
  const now = useNow();
  const status = statusOf(userId);
  const lastSeenAt = presence.get(userId)?.lastSeenAt ?? null;
  const left = status === 'offline' && lastSeenAt !== null;
  return (
    <p className="text-muted text-sm">
      <span>{status}</span>
      {left && `, seen ${agoWords(Date.parse(lastSeenAt), now)}`}
    </p>
  );
}
