import { chartOf } from './chart.ts';
import { escaped } from './escaped.ts';
import { exitCodeOf } from './report.ts';
import type { Findings, Report } from './report.ts';
import { STYLE } from './style.ts';
import { caughtOf } from './summary.ts';

/** The report as one page that needs nothing but itself: no script, no font, no image from elsewhere. */
export function pageOf(report: Report): string {
  const { seed, messages, lagMs } = report;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chaos, seed ${seed}</title>
<style>${STYLE}</style>
<main>
<h1 class="${['kept', 'found', 'nothing'][exitCodeOf(report)]!}">${escaped(headlineOf(report))}</h1>
<p><code>${escaped(report.command)}</code></p>
<p>${escaped(report.startedAt)} · Centrifugo: ${escaped(report.centrifugo)}, its state in ${report.engine}
 · ${report.sendsPerSecond} sends a second beside other requests</p>
<dl>
${figure('acknowledged', messages.acknowledged)}
${figure('shown by pages', messages.delivered)}
${figure('lost', messages.lost)}
${figure('duplicated', messages.duplicated)}
${figure('reordered', messages.reordered)}
${figure('to page, p50', `${lagMs.p50} ms`)}
${figure('p99', `${lagMs.p99} ms`)}
${figure('slowest', `${lagMs.max} ms`)}
</dl>
${chartOf(report)}
${faultTable(report)}
${findingsOf(report)}
${requestTable(report)}
<h2>How to read this</h2>
<p>Lost: acknowledged and never shown by a page that looks at it; or it never came over a socket and nobody was told to
look again, so that only the next event would have shown it; or a list, a read pointer or a presence that differs in the
end from what Postgres holds; or it is in no table. Nothing is sent after the end of the load, so what is missing in a
conversation in which nobody speaks any more is found as well.</p>
<p>A send that got no answer counts as nothing or as one. Repeats on sockets are findings unless Centrifugo had lost its
memory between the two (${report.excused.duplicated} of those here); an event that came behind its successor is one
unless a fault kept exactly this one back (${report.excused.reordered}). Pages merge both away.</p>
<p>Recovery: from the end of the fault until every page showed what had been acknowledged before it. ${report.reloads}
subscriptions had to read again because Centrifugo could not recover them; all was quiet ${seconds(report.quietAfterMs)}
after the end of the load. The process of the run itself, which is the load, the pages and what stands in between, was
late by at most ${report.ownDelayMs} ms.</p>
</main>
</html>
`;
}

function headlineOf(report: Report): string {
  if (report.broken !== null) return caughtOf(report);
  const { lost, duplicated, reordered } = report.messages;
  switch (exitCodeOf(report)) {
    case 0:
      return 'Nothing lost, nothing duplicated, nothing reordered';
    case 1:
      return `Lost ${lost}, duplicated ${duplicated}, reordered ${reordered}`;
    default:
      return 'This run shows nothing';
  }
}

const figure = (name: string, value: number | string): string =>
  `<div><dt>${name}</dt><dd>${value}</dd></div>`;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<table><thead><tr>${cells('th', heads)}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function faultTable({ faults, schedule }: Report): string {
  const rows = faults.map((fault) => [
    seconds(fault.fromMs),
    seconds(fault.toMs - fault.fromMs),
    fault.fault,
    fault.error ?? fault.evidence,
    String(fault.acknowledged),
    fault.recoveryMs === null ? 'never' : seconds(fault.recoveryMs),
  ]);
  const leftOut =
    schedule.leftOut.length > 0 ? `Not in this run: ${schedule.leftOut.join(', ')}.` : '';
  return `<h2>Faults</h2>
${table(['at', 'for', 'fault', 'what it hit', 'acknowledged meanwhile', 'recovery'], rows)}
<p>${escaped(leftOut)}</p>`;
}

function findingsOf({ findings, stuck, malformed, outOfReach, void: nothing }: Report): string {
  const named = (kind: string, { count, shown }: Findings): string[] => [
    ...shown.map(({ witness, what }) => `${kind} (${witness}): ${what}`),
    ...(count > shown.length ? [`… and ${count - shown.length} more ${kind}`] : []),
  ];
  const lines = [
    ...nothing.map((what) => `the run shows nothing: ${what}`),
    ...outOfReach.map((what) => `out of reach: ${what}`),
    ...stuck.map((what) => `stuck: ${what}`),
    ...malformed.map((what) => `malformed: ${what}`),
    ...Object.entries(findings).flatMap(([kind, found]) => named(kind, found)),
  ];
  if (lines.length === 0) return '<h2>Findings</h2>\n<p>None.</p>';
  return `<h2>Findings</h2>\n<ul>\n${lines.map((text) => `<li>${escaped(text)}</li>`).join('\n')}\n</ul>`;
}

function requestTable({ requests, problems }: Report): string {
  const rows = Object.entries(requests).map(([verb, { acknowledged, refused, unanswered }]) => [
    verb,
    String(acknowledged),
    String(refused),
    String(unanswered),
  ]);
  const met = Object.entries(problems).map(([problem, count]) => [
    problem.slice(0, 200),
    String(count),
  ]);
  return `<h2>Requests</h2>
${table(['verb', 'acknowledged', 'refused', 'unanswered'], rows)}
<h2>What requests met on the way</h2>
${table(['problem', 'times'], met)}`;
}
