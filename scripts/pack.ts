/** `npm run pack`: makes realtime/dist/rov-realtime-….tgz, which other projects can install. */
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { buildRealtime, packRealtime } from './realtime-package.ts';
import { ROOT } from './run-step.ts';

const folder = join(ROOT, 'realtime/dist');
await rm(folder, { recursive: true, force: true });
const built = join(folder, 'package');
await buildRealtime(built);
console.log(relative(ROOT, await packRealtime(built)));
