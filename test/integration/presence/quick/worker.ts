import { run } from '../../../../core/lifecycle.ts';
import { readConfig } from '../../../../worker/config.ts';
import { createDrain } from '../../../../worker/drain.ts';
import { startWorker } from '../../../../worker/start.ts';
import { sweep } from '../../../../worker/sweep.ts';
import { sweepPresence } from '../../../../worker/who-is-gone.ts';
import { presenceTimes } from './times.ts';

/** The shipped worker whose time of presence runs PRESENCE_SCALE times as fast. */
const times = presenceTimes(Number(process.env['PRESENCE_SCALE']));

await run(async () =>
  startWorker(readConfig(), {
    createDrain,
    sweep,
    presence: {
      everyMs: times.sweepMs,
      sweepPresence: (parts) => sweepPresence({ ...parts, times }),
    },
  }),
);
