import type { TimelineRow } from './timeline.ts';

/** So many messages stand together. */
const SIZE = 40;

export interface RowBlock {
  key: string;
  rows: TimelineRow[];
}

/**
 * The rows in blocks that stay the same when more comes at either end: a message belongs to one by its `seq`, a line to
 * that of the message below it, a send to where its message will be.
 */
export function inBlocks(rows: readonly TimelineRow[]): RowBlock[] {
  const blocks: RowBlock[] = [];
  let lines: TimelineRow[] = [];
  let seq = 0;
  for (const row of rows) {
    lines.push(row);
    if (!('seq' in row)) continue;
    seq = row.seq ?? seq + 1;
    const key = String(Math.floor(seq / SIZE));
    const last = blocks.at(-1);
    if (last?.key === key) last.rows.push(...lines);
    else blocks.push({ key, rows: lines });
    lines = [];
  }
  return blocks;
}
