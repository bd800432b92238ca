import { run } from '../core/lifecycle.ts';
import { readConfig } from './config.ts';
import { startApi } from './start.ts';

await run(async () => startApi(readConfig()));
