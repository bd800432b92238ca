import type { Message } from '@rov/realtime';

import type { Room } from '../chat/create-room.ts';
import { Composer } from './composer.tsx';
import { EditComposer } from './edit-composer.tsx';

/** Below the log: a new message, or one's own in other words. */
export function Writing({
  room,
  messages,
  edited,
  onSend,
  onEdit,
}: {
  room: Room;
  messages: readonly Message[];
  edited: Message | null;
  onSend: (content: string) => void;
  onEdit: (message: Message | null) => void;
}) {
  return (
    <div className="mx-auto max-w-3xl">
      {edited === null ? (
        <Composer
          room={room}
          onSend={onSend}
          onEditLast={() => onEdit(messages.findLast(isEditable(room.me)) ?? null)}
        />
      ) : (
        <EditComposer
          key={edited.id}
          message={edited}
          latest={messages.find(({ id }) => id === edited.id) ?? edited}
          room={room}
          onEnd={() => onEdit(null)}
        />
      )}
    </div>
  );
}

function isEditable(me: string) {
  return ({ senderId, type, deletedAt }: Message) =>
    senderId === me && type !== 'system' && (deletedAt ?? null) === null;
}
