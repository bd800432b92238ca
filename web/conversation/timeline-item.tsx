import { memo } from 'react';

import type { Room } from '../chat/create-room.ts';
import { dayWords } from '../state/time-words.ts';
import type { TimelineRow } from '../state/timeline.ts';
import { MessageItem } from './message-item.tsx';

type Props = { row: TimelineRow; named: boolean; room: Room };

/** Rows are made anew for each drawing; one that says the same is not drawn again. */
export const TimelineItem = memo(function TimelineItem({ row, named, room }: Props) {
  switch (row.kind) {
    case 'day':
      return (
        <li className="text-muted my-4 text-center text-xs font-medium">
          {dayWords(row.at, Date.now())}
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
        <li data-message dir="auto" className="text-muted my-3 text-center text-sm">
          {row.content}
        </li>
      );
    case 'message':
      return <MessageItem row={row} named={named} room={room} />;
    default:
      return row satisfies never;
  }
}, sameRow);

function sameRow(before: Props, after: Props): boolean {
  if (before.named !== after.named || before.room !== after.room) return false;
  const [a, b]: Record<string, unknown>[] = [{ ...before.row }, { ...after.row }];
  return Object.keys({ ...a, ...b }).every((key) => a?.[key] === b?.[key]);
}
