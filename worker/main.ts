import { run } from '../core/lifecycle.ts';
import { readConfig } from './config.ts';
import { startWorker } from './start.ts';

await run(async () => startWorker(readConfig()));
