import type { Room } from '../chat/create-room.ts';
import { clockTime, fullTime } from '../state/time-words.ts';
import type { MessageRow } from '../state/timeline.ts';
import { Avatar } from '../ui/avatar.tsx';
import { FailedSend } from './failed-send.tsx';

/** One message: the sender's name above the first of a run (in groups), the time below the last. */
export function MessageItem({ row, named, room }: { row: MessageRow; named: boolean; room: Room }) {
  const { mine, startsRun, endsRun, sender, content, change, pending, at } = row;
  const failed = pending?.state === 'failed';
  return (
    <li
      data-message
      className={`flex gap-2 ${startsRun ? 'mt-3' : 'mt-0.5'} ${mine ? 'justify-end' : ''}`}
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
        <p
          dir="auto"
          title={fullTime(at)}
          className={`rounded-bubble max-w-full px-3.5 py-2 [overflow-wrap:anywhere] break-words whitespace-pre-wrap ${bubble(row)}`}
        >
          {change === 'deleted' ? (
            <em className="text-muted">This message was deleted.</em>
          ) : (
            content
          )}
        </p>
        {failed ? (
          <FailedSend send={pending} room={room} />
        ) : (
          (endsRun || pending !== null || change === 'edited') && <Caption row={row} />
        )}
      </div>
    </li>
  );
}

function Caption({ row: { at, pending, mine, change } }: { row: MessageRow }) {
  return (
    <span className="text-muted px-1 pt-0.5 text-xs">
      {pending !== null ? (
        pending.state === 'sending' ? (
          'Sending…'
        ) : (
          'Waiting…'
        )
      ) : (
        <>
          <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
          {change === 'edited' && ' · Edited'}
          {mine && ' · Sent'}
        </>
      )}
    </span>
  );
}

/** One's own messages carry the accent; the corner towards the sender is sharp at the end of a run. */
function bubble({ mine, endsRun, pending }: MessageRow): string {
  const colour = mine ? 'bg-accent-soft' : 'bg-bubble';
  const corner = endsRun ? (mine ? 'rounded-ee-sm' : 'rounded-es-sm') : '';
  return `${colour} ${corner} ${pending === null ? '' : 'opacity-70'}`;
}
