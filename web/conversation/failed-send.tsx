import type { PendingSend } from '@rov/realtime/client';

import type { Room } from '../chat/create-room.ts';

/** Below a message that did not get out: why, and what can be done. */
export function FailedSend({ send, room }: { send: PendingSend; room: Room }) {
  const again = send.retryAt !== null;
  return (
    <span className="flex flex-wrap items-center justify-end gap-x-3 px-1 pt-0.5 text-xs">
      <span role="alert" className="text-danger">
        Not sent. {send.reason} {again && 'Trying again…'}
      </span>
      <button
        type="button"
        className="text-accent font-medium hover:underline"
        onClick={() => room.retry(send.clientId)}
      >
        Retry
      </button>
      {!again && (
        <button
          type="button"
          className="text-accent font-medium hover:underline"
          onClick={() => room.discard(send.clientId)}
        >
          Discard
        </button>
      )}
    </span>
  );
}
