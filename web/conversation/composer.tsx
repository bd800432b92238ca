import { useEffect, useRef, useState } from 'react';
import type { SubmitEvent, KeyboardEvent } from 'react';

import type { Room } from '../chat/create-room.ts';
import { SendIcon } from '../ui/icons.tsx';

/** In code points, as the API counts. */
const MAX_LENGTH = 4000;
const WARN_BELOW = 200;

/** Enter sends, Shift+Enter breaks the line. The draft stays with the room. */
export function Composer({ room, onSend }: { room: Room; onSend: (content: string) => void }) {
  const [draft, setDraft] = useState(room.draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const content = draft.trim();
  const left = MAX_LENGTH - lengthOf(content);
  const sendable = content !== '' && left >= 0;

  // Who opens a conversation wants to write. On a phone the keyboard would hide what is to be read.
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  function write(text: string) {
    room.keepDraft(text);
    setDraft(text);
  }

  function send(event?: SubmitEvent) {
    event?.preventDefault();
    field.current?.focus();
    if (!sendable) return;
    onSend(content);
    write('');
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    send();
  }

  return (
    <form onSubmit={send} className="shrink-0 px-3 pb-3 sm:px-4">
      <div className="rounded-bubble border-edge bg-raised focus-within:border-accent mx-auto flex max-w-3xl items-end gap-2 border py-1 ps-3.5 pe-1">
        <textarea
          ref={field}
          aria-label="Message"
          placeholder="Message"
          rows={Math.min(6, draft.split('\n').length)}
          className="field-sizing-content max-h-40 min-w-0 flex-1 resize-none bg-transparent py-1.5 outline-none"
          value={draft}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {left < WARN_BELOW && (
          <output
            className={`self-center text-xs tabular-nums ${left < 0 ? 'text-danger' : 'text-muted'}`}
          >
            {left < 0 ? `${-left} too many` : `${left} left`}
          </output>
        )}
        <button
          type="submit"
          aria-label="Send"
          disabled={!sendable}
          className="bg-accent text-on-accent hover:bg-accent-strong disabled:bg-hover disabled:text-muted grid size-8 shrink-0 place-items-center rounded-full transition-colors"
        >
          <SendIcon className="size-4" />
        </button>
      </div>
    </form>
  );
}

/** Enter that confirms an input method's word; Safari tells of it by the old key code alone. */
function isComposing({ nativeEvent }: KeyboardEvent): boolean {
  // oxlint-disable-next-line typescript/no-deprecated -- Safari has nothing else at that moment
  return nativeEvent.isComposing || nativeEvent.keyCode === 229;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
