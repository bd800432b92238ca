import type { Report } from './report.ts';

const SHOWN = 8;
const STARVED_MS = 1_000;

/** The verdict in a few lines, for a terminal. */
export function summaryOf(report: Report): string[] {
  const { messages, findings, lagMs, excused } = report;
  const lines = [
    `  ${messages.acknowledged} messages acknowledged, shown ${messages.delivered} times by the pages that look at them`,
    `  from acknowledgement to page: p50 ${lagMs.p50} ms, p99 ${lagMs.p99} ms, at most ${lagMs.max} ms`,
    `  lost ${findings.lost.count} · duplicated ${findings.duplicated.count} · reordered ${findings.reordered.count}` +
      ` (explained by a fault: ${excused.duplicated} repeats, ${excused.reordered} overtakings on sockets)`,
  ];
  if (report.ownDelayMs > STARVED_MS) {
    lines.push(
      `  this process was late by up to ${report.ownDelayMs} ms: the machine is busy with other things`,
    );
  }
  for (const [kind, { count, shown }] of Object.entries(findings)) {
    lines.push(
      ...shown.slice(0, SHOWN).map(({ witness, what }) => `  ${kind} (${witness}): ${what}`),
    );
    if (count > SHOWN) lines.push(`  … and ${count - SHOWN} more ${kind}`);
  }
  lines.push(...report.stuck.map((what) => `  stuck: ${what}`));
  lines.push(...report.malformed.map((what) => `  malformed: ${what}`));
  lines.push(...report.outOfReach.map((what) => `  out of reach: ${what}`));
  lines.push(...report.void.map((what) => `  void: ${what}`));
  return report.broken === null ? lines : [...lines, `  ${caughtOf(report)}`];
}

/** Whether the verdict has a word for what was done wrong on purpose. */
export function caughtOf({ broken, findings }: Pick<Report, 'broken' | 'findings'>): string {
  const named = Object.entries(findings)
    .filter(([, { count }]) => count > 0)
    .map(([kind, { count }]) => `${kind} ${count}`);
  return named.length > 0 ? `caught: ${broken} (${named.join(', ')})` : `NOT caught: ${broken}`;
}
