import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { pageOf } from './page.ts';
import type { Report } from './report.ts';

/** Writes the report for programs and for people, and says where. */
export async function saveReport(report: Report, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = [
    { path: join(folder, 'report.json'), text: `${JSON.stringify(report, null, 1)}\n` },
    { path: join(folder, 'report.html'), text: pageOf(report) },
  ];
  await Promise.all(files.map(({ path, text }) => writeFile(path, text)));
  return files.map(({ path }) => path);
}
