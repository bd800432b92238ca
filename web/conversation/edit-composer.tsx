import type { Message } from '@rov/realtime';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import type { Room } from '../chat/create-room.ts';
import { IconButton } from '../ui/button.tsx';
import { CheckIcon, CloseIcon } from '../ui/icons.tsx';
import { TextButton } from '../ui/text-button.tsx';
import { useAction } from '../ui/use-action.ts';
import { ActionNote } from './action-note.tsx';
import { MessageField } from './message-field.tsx';

/** In the composer's place: one's own message in other words. Nothing typed is lost before it is saved or given up. */
export function EditComposer({
  message,
  latest,
  room,
  onEnd,
}: {
  /** As it was when the editing began. */
  message: Message;
  /** As it is now. */
  latest: Message;
  room: Room;
  onEnd: () => void;
}) {
  const [text, setText] = useState(message.content);
  // A change that the editor was told of is overwritten knowingly.
  const [seen, setSeen] = useState(message);
  const action = useAction();
  const field = useRef<HTMLTextAreaElement>(null);
  const deleted = (latest.deletedAt ?? null) !== null;
  const changed = !deleted && latest.revision > seen.revision && latest.content !== text.trim();

  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(Infinity, Infinity);
  }, []);

  function save(content: string) {
    if (content === latest.content) return onEnd();
    void action.run(() => room.edit(seen, content), onEnd);
  }

  function replace() {
    setSeen(latest);
    void action.run(() => room.edit(latest, text.trim()), onEnd);
  }

  return (
    <>
      <Head onCancel={onEnd} />
      {deleted ? (
        <Warning>It was deleted in the meantime. Your text can still be copied.</Warning>
      ) : changed ? (
        <Warning>
          It was changed elsewhere in the meantime: “<bdi>{latest.content}</bdi>”. Your text is
          kept. <TextButton onClick={replace}>Save it all the same</TextButton>
        </Warning>
      ) : (
        <ActionNote action={action} />
      )}
      <MessageField
        field={field}
        label="Edit message"
        text={text}
        onText={setText}
        onSubmit={save}
        onKey={(event) => {
          if (event.key === 'Escape') onEnd();
        }}
        submit={{
          label: 'Save',
          icon: <CheckIcon className="size-4" />,
          blocked: changed || deleted || action.state.status === 'busy',
        }}
      />
    </>
  );
}

function Head({ onCancel }: { onCancel: () => void }) {
  return (
    <div className="flex items-center justify-between ps-3.5 text-xs">
      <span className="text-accent font-semibold">Editing</span>
      <IconButton label="Cancel editing" onClick={onCancel}>
        <CloseIcon className="size-4" />
      </IconButton>
    </div>
  );
}

function Warning({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="text-danger px-3.5 pb-1 text-xs">
      {children}
    </p>
  );
}
