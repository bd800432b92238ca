import { fullTime } from '../state/time-words.ts';
import type { MessageRow } from '../state/timeline.ts';
import { Avatar } from '../ui/avatar.tsx';
import { ActionNote } from './action-note.tsx';
import { Caption } from './caption.tsx';
import { FailedSend } from './failed-send.tsx';
import { MessageTools } from './message-tools.tsx';
import { useOpenRoom } from './open-room.ts';
import { Reactions } from './reactions.tsx';
import { Text } from './text.tsx';
import { useAction } from './use-action.ts';
import { useActive } from './use-active.ts';

/** One message: the sender's name above the first of a run (in groups), the time below the last. */
export function MessageItem({ row }: { row: MessageRow }) {
  const { mine, startsRun, endsRun, sender, message, pending } = row;
  const { named } = useOpenRoom();
  const { active, watch } = useActive();
  const action = useAction();
  return (
    <li
      {...watch}
      data-message
      tabIndex={-1}
      className={`flex gap-2 rounded-md ${startsRun ? 'mt-3' : 'mt-0.5'} ${mine ? 'justify-end' : ''}`}
    >
      {named && !mine && (
        <span className="w-7 shrink-0 self-end pb-5">
          {endsRun && <Avatar profile={sender} size="small" />}
        </span>
      )}
      <div
        className={`flex max-w-[85%] min-w-0 flex-col sm:max-w-[75%] ${mine ? 'items-end' : 'items-start'}`}
      >
        {named && !mine && startsRun ? (
          <span className="text-muted mb-1 ps-3 text-xs font-medium">
            <bdi>{sender.name}</bdi>
          </span>
        ) : (
          <span className="sr-only">{mine ? 'You' : sender.name}:</span>
        )}
        <div className="relative max-w-full">
          <Bubble row={row} />
          {active && message !== null && (
            <MessageTools message={message} mine={mine} action={action} />
          )}
        </div>
        {message !== null && <Reactions message={message} action={action} />}
        {pending?.state === 'failed' ? (
          <FailedSend send={pending} />
        ) : (
          (endsRun || pending !== null || row.change === 'edited') && <Caption row={row} />
        )}
        <ActionNote action={action} />
      </div>
    </li>
  );
}

/** One's own messages carry the accent; the corner towards the sender is sharp at the end of a run. */
function Bubble({ row: { mine, endsRun, pending, change, content, at } }: { row: MessageRow }) {
  const colour = mine ? 'bg-accent-soft' : 'bg-bubble';
  const corner = endsRun ? (mine ? 'rounded-ee-sm' : 'rounded-es-sm') : '';
  return (
    <div
      className={`rounded-bubble px-3.5 py-2 ${colour} ${corner} ${pending === null ? '' : 'opacity-70'}`}
    >
      <p
        dir="auto"
        title={fullTime(at)}
        className="[overflow-wrap:anywhere] break-words whitespace-pre-wrap"
      >
        {change === 'deleted' ? (
          <em className="text-muted">This message was deleted.</em>
        ) : (
          <Text>{content}</Text>
        )}
      </p>
    </div>
  );
}
