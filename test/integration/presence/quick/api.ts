import { readConfig } from '../../../../api/config.ts';
import { startApi } from '../../../../api/start.ts';
import { run } from '../../../../core/lifecycle.ts';
import { presenceTimes } from './times.ts';

/** The shipped API whose time of presence runs PRESENCE_SCALE times as fast. */
await run(async () =>
  startApi(readConfig(), { presenceTimes: presenceTimes(Number(process.env['PRESENCE_SCALE'])) }),
);
