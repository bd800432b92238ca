import type { Message, Reaction } from '@rov/realtime';

import { nameList } from '../state/names.ts';
import type { Action } from '../ui/use-action.ts';
import { useOpenRoom } from './open-room.ts';

/** Below a message: each emoji with how many chose it. A click joins in, or takes it back. */
export function Reactions({ message, action }: { message: Message; action: Action }) {
  const { room } = useOpenRoom();
  const { reactions = [] } = message;
  if (reactions.length === 0) return null;
  const names = ({ userIds, count }: Reaction) =>
    nameList(
      userIds.map((id) => (id === room.me ? 'You' : room.nameOf(id))),
      count,
    );
  return (
    <ul aria-label="Reactions" className="mt-1 flex flex-wrap gap-1">
      {reactions.map((reaction) => {
        const { emoji, count, mine = false } = reaction;
        return (
          <li key={emoji}>
            <button
              type="button"
              aria-pressed={mine}
              aria-label={`${emoji} ${count}: ${names(reaction)}`}
              title={names(reaction)}
              disabled={action.state.status === 'busy'}
              className={`flex h-6 items-center gap-1 rounded-full border px-2 text-xs tabular-nums ${mine ? 'border-accent bg-accent-soft' : 'border-line bg-raised hover:bg-hover'}`}
              onClick={() => void action.run(() => room.react(message, emoji, !mine))}
            >
              <span aria-hidden="true">{emoji}</span> {count}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
