import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';

import type { Room } from '../chat/create-room.ts';
import { UpIcon } from '../ui/icons.tsx';
import { MessageField } from './message-field.tsx';

/** Where a new message is written. The draft stays with the room. */
export function Composer({
  room,
  onSend,
  onEditLast,
}: {
  room: Room;
  onSend: (content: string) => void;
  onEditLast: () => void;
}) {
  const [draft, setDraft] = useState(room.draft);
  const field = useRef<HTMLTextAreaElement>(null);

  // Who opens a conversation wants to write. On a phone the keyboard would hide what is to be read.
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  function write(text: string) {
    room.keepDraft(text);
    setDraft(text);
  }

  function send(content: string) {
    onSend(content);
    write('');
  }

  function onKey(event: KeyboardEvent) {
    if (event.key !== 'ArrowUp' || draft !== '') return;
    event.preventDefault();
    onEditLast();
  }

  return (
    <MessageField
      field={field}
      label="Message"
      text={draft}
      onText={write}
      onSubmit={send}
      onKey={onKey}
      submit={{ label: 'Send', icon: <UpIcon className="size-4" /> }}
    />
  );
}
