import type { Message } from '@rov/realtime';
import { useEffect, useRef } from 'react';

import type { Room } from '../chat/create-room.ts';
import { Button } from '../ui/button.tsx';
import { ActionNote } from './action-note.tsx';
import { useAction } from './use-action.ts';

/** Asks once, for nobody gets a deleted message back. */
export function RemoveDialog({
  message,
  room,
  onClose,
}: {
  message: Message;
  room: Room;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const action = useAction();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="remove-title"
      className="border-line bg-raised text-ink shadow-float m-auto w-full max-w-sm rounded-lg border p-5"
      onClose={onClose}
    >
      <h2 id="remove-title" className="text-lg font-semibold">
        Delete this message?
      </h2>
      <p className="text-muted mt-1 text-sm">It will be gone for everybody in the conversation.</p>
      <blockquote
        dir="auto"
        className="bg-bubble mt-3 line-clamp-3 rounded-md px-3 py-2 text-sm [overflow-wrap:anywhere]"
      >
        {message.content}
      </blockquote>
      <ActionNote action={action} />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={() => dialog.current?.close()}>Keep</Button>
        <Button
          look="danger"
          disabled={action.state.status === 'busy'}
          onClick={() =>
            void action.run(
              () => room.remove(message),
              () => dialog.current?.close(),
            )
          }
        >
          Delete
        </Button>
      </div>
    </dialog>
  );
}
