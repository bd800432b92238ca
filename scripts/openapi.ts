/**
 * `npm run openapi`: writes api/openapi.json, the description of the API, from its routes, their shapes and api/reference/.
 * With `--check` writes nothing, and exits with 1 when the file is not what would be written.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { currentDocument } from '../api/reference/current.ts';
import { ROOT } from './run-step.ts';

const FILE = join(ROOT, 'api/openapi.json');

const wanted = `${JSON.stringify(currentDocument(), null, 2)}\n`;
const present = await readFile(FILE, 'utf8').catch(() => '');
if (process.argv.includes('--check')) {
  if (present !== wanted) {
    console.log(
      'api/openapi.json is not what the sources say: run "npm run openapi" and commit it',
    );
    process.exitCode = 1;
  }
} else if (present !== wanted) await writeFile(FILE, wanted);
