/** Columns side by side; the last one may be as long as it likes. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const SHOWN = 50;

/** A table with a head, cut after 50 rows with a word about the rest. */
export function listing(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rest = rows.length - SHOWN;
  return [
    table([head, ...rows.slice(0, SHOWN)]),
    ...(rest > 0 ? [`and ${rest} more (--json shows all)`] : []),
  ].join('\n');
}

export function age(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** `1 letter`, `2 letters`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
