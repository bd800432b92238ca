/**
 * `npm run openapi`: writes api/openapi.json, the description of the API, from its routes, their shapes and api/reference/, and
 * api/asyncapi.json, that of the events, from the same shapes.
 * With `--check` writes nothing, and exits with 1 when a file is not what would be written.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { currentDocument, currentEvents } from '../api/reference/current.ts';
import { ROOT } from './run-step.ts';

const isCheck = process.argv.includes('--check');

for (const [name, document] of [
  ['api/openapi.json', currentDocument()],
  ['api/asyncapi.json', currentEvents()],
] as const) {
  const file = join(ROOT, name);
  const wanted = `${JSON.stringify(document, null, 2)}\n`;
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present === wanted) continue;
  if (isCheck) {
    console.log(`${name} is not what the sources say: run "npm run openapi" and commit it`);
    process.exitCode = 1;
  } else await writeFile(file, wanted);
}
