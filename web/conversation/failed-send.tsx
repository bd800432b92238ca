import type { PendingSend } from '@rov/realtime/client';

import { sentence } from '../state/sentence.ts';
import { Countdown } from '../ui/countdown.tsx';
import { TextButton } from '../ui/text-button.tsx';
import { useOpenRoom } from './open-room.ts';

/** Below a message that did not get out: why, whether it goes by itself, and what can be done. */
export function FailedSend({ send: { clientId, reason, retryAt } }: { send: PendingSend }) {
  const { room } = useOpenRoom();
  const why = sentence(reason ?? 'The server did not say why');
  return (
    <span className="flex flex-wrap items-center justify-end gap-x-3 px-1 pt-0.5 text-xs">
      <span className={retryAt === null ? 'text-danger' : 'text-muted'}>
        <span role="alert">{retryAt === null ? `Not sent. ${why}` : `Not sent yet. ${why}`}</span>
        {retryAt !== null && (
          <>
            {' '}
            Again <Countdown until={retryAt} />.
          </>
        )}
      </span>
      <TextButton onClick={() => room.retry(clientId)}>Retry</TextButton>
      {retryAt === null && <TextButton onClick={() => room.discard(clientId)}>Discard</TextButton>}
    </span>
  );
}
