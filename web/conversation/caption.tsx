import { clockTime } from '../state/time-words.ts';
import type { MessageRow } from '../state/timeline.ts';

/** Below a message: when it was said, and how far it got. */
export function Caption({ row: { at, pending, mine, change } }: { row: MessageRow }) {
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
