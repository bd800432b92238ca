import type { Message } from '@rov/realtime';

import { FEW_EMOJI } from '../state/emoji-choice.ts';
import { MenuItem } from '../ui/menu.tsx';
import type { Action } from '../ui/use-action.ts';
import { useOpenRoom } from './open-room.ts';

/** A few emoji to choose from, as items of a menu, and the way to all others; choosing again takes it back. */
export function Palette({ message, action }: { message: Message; action: Action }) {
  const { room, chooseEmoji } = useOpenRoom();
  const chosen = new Set(
    message.reactions?.filter(({ mine }) => mine).map(({ emoji }) => plain(emoji)),
  );
  return (
    <>
      <div className="flex justify-between">
        {FEW_EMOJI.map(([emoji, name]) => {
          const mine = chosen.has(plain(emoji));
          return (
            <button
              key={emoji}
              type="button"
              role="menuitemcheckbox"
              aria-checked={mine}
              aria-label={name}
              title={name}
              className={`hover:bg-hover focus-visible:bg-hover grid size-9 place-items-center rounded-md text-lg ${mine ? 'bg-accent-soft' : ''}`}
              onClick={() => void action.run(() => room.react(message, emoji, !mine))}
            >
              {emoji}
            </button>
          );
        })}
      </div>
      <MenuItem onClick={() => chooseEmoji(message)}>Another emoji…</MenuItem>
    </>
  );
}

/** An emoji is the same with and without the sign that asks for its colours. */
function plain(emoji: string): string {
  return emoji.replaceAll('\uFE0F', '');
}
