import { memo } from 'react';

import { isSameRow } from '../state/timeline.ts';
import type { TimelineRow } from '../state/timeline.ts';
import { DayWords } from './day-words.tsx';
import { MessageItem } from './message-item.tsx';

type Props = { row: TimelineRow };

/** Rows are made anew for each drawing; one that says the same is not drawn again. */
export const TimelineItem = memo(function TimelineItem({ row }: Props) {
  switch (row.kind) {
    case 'day':
      return (
        <li className="text-muted my-4 text-center text-xs font-medium">
          <DayWords at={row.at} />
        </li>
      );
    case 'unread':
      return (
        <li data-line="unread" className="text-accent my-3 flex items-center gap-3 text-xs">
          <span className="bg-accent h-px flex-1" />
          <span className="font-semibold">New messages</span>
          <span className="bg-accent h-px flex-1" />
        </li>
      );
    case 'system':
      return (
        <li
          data-message
          data-seq={row.seq}
          data-at={row.at}
          dir="auto"
          className="text-muted my-3 text-center text-sm"
        >
          {row.content}
        </li>
      );
    case 'message':
      return <MessageItem row={row} />;
    default:
      return row satisfies never;
  }
}, isSameItem);

function isSameItem({ row: before }: Props, { row: after }: Props): boolean {
  return isSameRow(before, after);
}
