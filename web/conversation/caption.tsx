import { clockTime } from '../state/time-words.ts';
import type { MessageRow } from '../state/timeline.ts';
import { TextButton } from '../ui/text-button.tsx';
import { useOpenRoom } from './open-room.ts';

/** Below a message: when it was said, and how far it got. */
export function Caption({ row }: { row: MessageRow }) {
  const { at, pending, mine, change } = row;
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
          {mine && change !== 'deleted' && (
            <>
              {' · '}
              <Reach row={row} />
            </>
          )}
        </>
      )}
    </span>
  );
}

/** In a group one can ask who it was. */
function Reach({ row: { delivered, read, message } }: { row: MessageRow }) {
  const { named, showReaders } = useOpenRoom();
  if (!named) return read > 0 ? 'Read' : delivered > 0 ? 'Delivered' : 'Sent';
  if (read === 0 || message === null) return 'Sent';
  return <TextButton onClick={() => showReaders(message)}>Read by {read}</TextButton>;
}
