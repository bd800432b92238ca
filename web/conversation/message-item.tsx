import { isFewEmoji } from '../state/emoji.ts';
import { fullTime } from '../state/time-words.ts';
import type { MessageRow } from '../state/timeline.ts';
import { Avatar } from '../ui/avatar.tsx';
import { personColours } from '../ui/person-colours.ts';
import { useAction } from '../ui/use-action.ts';
import { ActionNote } from './action-note.tsx';
import { Caption } from './caption.tsx';
import { FailedSend } from './failed-send.tsx';
import { MessageTools } from './message-tools.tsx';
import { useOpenRoom } from './open-room.ts';
import { Reactions } from './reactions.tsx';
import { Text } from './text.tsx';
import { useActive } from './use-active.ts';

/** One message: the sender's name above the first of a run (in groups), the time below the last. */
export function MessageItem({ row }: { row: MessageRow }) {
  const { mine, startsRun, endsRun, sender, message, pending } = row;
  const { named } = useOpenRoom();
  const { active, watch } = useActive();
  const action = useAction();
  const captioned = endsRun || pending !== null || row.change === 'edited';
  return (
    <li
      {...watch}
      data-message
      data-seq={row.seq}
      data-at={row.at}
      tabIndex={-1}
      className={`flex gap-2 rounded-md ${startsRun ? 'mt-3' : 'mt-0.5'} ${captioned && !endsRun ? 'mb-1.5' : ''} ${mine ? 'justify-end' : ''}`}
    >
      {named && !mine && (
        // Where the picture at the end of a run stands; as much is left at the other side, for the tools.
        <span className="w-7 shrink-0" />
      )}
      <div
        className={`flex min-w-0 flex-col sm:max-w-[75%] ${named && !mine ? 'max-w-[calc(100%-4.5rem)]' : 'max-w-[85%]'} ${mine ? 'items-end' : 'items-start'}`}
      >
        {named && !mine && startsRun ? (
          <span className="mb-1 ps-3 text-xs font-semibold" style={personColours(sender.id).name}>
            <bdi>{sender.name}</bdi>
          </span>
        ) : (
          <span className="sr-only">{mine ? 'You' : sender.name}:</span>
        )}
        <div className="relative max-w-full">
          {named && !mine && endsRun && (
            <span className="absolute end-full bottom-0 me-2">
              <Avatar profile={sender} size="small" />
            </span>
          )}
          <Bubble row={row} />
          {active && message !== null && (
            <MessageTools message={message} mine={mine} action={action} />
          )}
        </div>
        {message !== null && <Reactions message={message} action={action} />}
        {pending?.state === 'failed' ? (
          <FailedSend send={pending} />
        ) : (
          captioned && <Caption row={row} />
        )}
        <ActionNote action={action} />
      </div>
    </li>
  );
}

/** One's own messages carry the accent; the corner towards the sender is sharp at the end of a run. */
function Bubble({ row }: { row: MessageRow }) {
  const { mine, endsRun, pending, change, content, at, inEdit } = row;
  const colour = mine ? 'bg-accent-soft' : 'bg-bubble';
  const corner = endsRun ? (mine ? 'rounded-ee-sm' : 'rounded-es-sm') : '';
  return (
    <div
      className={`rounded-bubble px-3.5 py-2 ${colour} ${corner} ${pending === null ? '' : 'opacity-70'} ${inEdit ? 'outline-accent outline-2' : ''}`}
    >
      <p
        dir="auto"
        title={fullTime(at)}
        className={`[overflow-wrap:anywhere] break-words whitespace-pre-wrap ${isFewEmoji(content) ? 'text-xl' : ''}`}
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
