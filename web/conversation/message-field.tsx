import { useRef } from 'react';
import type { KeyboardEvent, ReactNode, Ref, SubmitEvent } from 'react';

/** In code points, as the API counts. */
const MAX_LENGTH = 4000;
const WARN_BELOW = 200;

/** The button; `blocked` while nothing can be submitted, whatever is written. */
type Submit = { label: string; icon: ReactNode; blocked?: boolean };

/** Where messages are written: Enter submits, Shift+Enter breaks the line, and too much is said before it is sent. */
export function MessageField({
  field,
  label,
  text,
  submit,
  onText,
  onSubmit,
  onKey,
}: {
  field: Ref<HTMLTextAreaElement>;
  label: string;
  text: string;
  submit: Submit;
  onText: (text: string) => void;
  /** With what is to be sent. */
  onSubmit: (content: string) => void;
  /** Keys that are no part of an input method's word. */
  onKey: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const content = text.trim();
  const left = MAX_LENGTH - Array.from(content).length;
  const sendable = content !== '' && left >= 0 && submit.blocked !== true;

  function onFormSubmit(event: SubmitEvent) {
    event.preventDefault();
    form.current?.querySelector('textarea')?.focus();
    if (sendable) onSubmit(content);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (isComposing(event)) return;
    if (event.key !== 'Enter' || event.shiftKey) return onKey(event);
    event.preventDefault();
    form.current?.requestSubmit();
  }

  return (
    <form
      ref={form}
      onSubmit={onFormSubmit}
      className="rounded-bubble border-edge bg-raised focus-within:border-accent flex items-end gap-2 border py-1 ps-3.5 pe-1"
    >
      <textarea
        ref={field}
        dir="auto"
        aria-label={label}
        placeholder={label}
        rows={Math.min(6, text.split('\n').length)}
        className="field-sizing-content max-h-40 min-w-0 flex-1 resize-none bg-transparent py-1.5 outline-none"
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {left < WARN_BELOW && <Left count={left} />}
      <SubmitButton submit={submit} disabled={!sendable} />
    </form>
  );
}

function SubmitButton({
  submit: { label, icon },
  disabled,
}: {
  submit: Submit;
  disabled: boolean;
}) {
  return (
    <button
      type="submit"
      aria-label={label}
      title={label}
      disabled={disabled}
      className="bg-accent text-on-accent hover:bg-accent-strong disabled:bg-hover disabled:text-muted grid size-8 shrink-0 place-items-center rounded-full transition-colors"
    >
      {icon}
    </button>
  );
}

function Left({ count }: { count: number }) {
  return (
    <output
      className={`self-center text-xs tabular-nums ${count < 0 ? 'text-danger' : 'text-muted'}`}
    >
      {count < 0 ? `${-count} too many` : `${count} left`}
    </output>
  );
}

/** Enter that confirms an input method's word; Safari tells of it by the old key code alone. */
function isComposing({ nativeEvent }: KeyboardEvent): boolean {
  // oxlint-disable-next-line typescript/no-deprecated -- Safari has nothing else at that moment
  return nativeEvent.isComposing || nativeEvent.keyCode === 229;
}
