import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { tableOf } from './report.ts';
import type { Report } from './report.ts';

const FOLDER = fileURLToPath(new URL('./results/', import.meta.url));

/** As JSON and as Markdown, side by side. Resolves to the name of the latter. */
export async function writeReport(report: Report): Promise<string> {
  const name = `${FOLDER}${report.measuredAt.replaceAll(/[:.]/g, '-')}`;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(`${name}.md`, tableOf(report));
  return `${name}.md`;
}
