import { memo } from 'react';

import { isSameRow } from '../state/timeline.ts';
import type { TimelineRow } from '../state/timeline.ts';
import { TimelineItem } from './timeline-item.tsx';

/** Of a row that was never drawn; the browser remembers what a block came to once it was. */
const ROW_PX = 56;

/**
 * Some rows of the log. The browser lays out and draws only the blocks on the screen and next to it, and all of them stay
 * where finding in the page and screen readers look for them.
 */
export const Block = memo(
  function Block({ rows }: { rows: readonly TimelineRow[] }) {
    return (
      <ol
        className="-mx-4 px-4 [content-visibility:auto]"
        style={{ containIntrinsicBlockSize: `auto ${rows.length * ROW_PX}px` }}
      >
        {rows.map((row) => (
          <TimelineItem key={row.key} row={row} />
        ))}
      </ol>
    );
  },
  ({ rows: before }, { rows: after }) =>
    before.length === after.length &&
    before.every((row, index) => isSameRow(row, after[index] ?? row)),
);
