import type { Message } from '@rov/realtime';
import { useState } from 'react';

/** Speaks the newest message of somebody else to screen readers, once it came while the log was open. */
export function NewMessageVoice({ newest, me }: { newest: Message | undefined; me: string }) {
  const [silentTo] = useState(newest?.seq ?? 0);
  const speak = newest !== undefined && newest.seq > silentTo && newest.senderId !== me;
  return (
    <p aria-live="polite" className="sr-only">
      {speak && `${newest.sender.name}: ${newest.content}`}
    </p>
  );
}
