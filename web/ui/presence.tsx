import { usePresence } from '@rov/realtime/react';
import type { KnownStatus } from '@rov/realtime/react';

import { useNow } from '../chat/use-now.ts';
import { presenceWords } from '../state/presence-words.ts';

const DOTS: Record<KnownStatus, string> = {
  online: 'bg-online',
  away: 'bg-away',
  offline: 'border-2 border-edge bg-surface',
  unknown: 'border-2 border-dotted border-edge bg-surface',
};

/** On an avatar's edge. Where no words stand beside it, it says them to those who do not see the colour. */
export function PresenceDot({
  userId,
  wordsBeside = false,
}: {
  userId: string;
  wordsBeside?: boolean;
}) {
  const status = usePresence().statusOf(userId);
  return (
    <>
      <StatusDot status={status} />
      {!wordsBeside && (
        <span className="sr-only">
          <Words userId={userId} />
        </span>
      )}
    </>
  );
}

export function StatusDot({ status }: { status: KnownStatus }) {
  return (
    <span className="bg-surface absolute -end-0.5 -bottom-0.5 rounded-full p-0.5" title={status}>
      <span className={`block size-2.5 rounded-full ${DOTS[status]}`} />
    </span>
  );
}

/** A line of its own: there, away, or last seen when. */
export function PresenceLine({ userId }: { userId: string }) {
  return (
    <span className="text-muted one-line block text-sm">
      <Words userId={userId} />
    </span>
  );
}

function Words({ userId }: { userId: string }) {
  const { presence, statusOf } = usePresence();
  const now = useNow();
  const lastSeenAt = presence.get(userId)?.lastSeenAt ?? null;
  return presenceWords({ status: statusOf(userId), lastSeenAt }, now);
}
