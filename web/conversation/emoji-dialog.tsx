import { useState } from 'react';
import type { SubmitEvent } from 'react';

import { FEW_EMOJI, MORE_EMOJI } from '../state/emoji-choice.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { isUnderWay, Refusal } from '../ui/refusal.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useAction } from '../ui/use-action.ts';
import type { MessageDialogProps } from './message-dialog.ts';

const TITLE = 'React with any emoji';

/** Many to choose from, and a field for whatever else a keyboard has. */
export function EmojiDialog({ message, room, onClose }: MessageDialogProps) {
  const [other, setOther] = useState('');
  const action = useAction();
  const choose = (emoji: string) =>
    void action.run(() => room.react(message, emoji, true), onClose);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    choose(other.trim());
  }

  return (
    <Dialog label={TITLE} onClose={onClose}>
      <form className="space-y-3 p-5" onSubmit={submit}>
        <h2 className="text-lg font-semibold">{TITLE}</h2>
        <fieldset aria-label="Emoji" className="grid grid-cols-8">
          {[...FEW_EMOJI, ...MORE_EMOJI].map(([emoji, name]) => (
            <button
              key={emoji}
              type="button"
              aria-label={name}
              title={name}
              disabled={isUnderWay(action)}
              className="hover:bg-hover focus-visible:bg-hover grid aspect-square place-items-center rounded-md text-lg"
              onClick={() => choose(emoji)}
            >
              {emoji}
            </button>
          ))}
        </fieldset>
        <TextField label="Another one, from your keyboard" value={other} onChange={setOther} />
        <Refusal of={action} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={isUnderWay(action) || other.trim() === ''}>
            React
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
