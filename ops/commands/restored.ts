import * as z from 'zod';

import { newestEventAt, restored as beginEpoch } from '../../core/ops/restored.ts';
import { resync } from '../../core/ops/resync.ts';
import { command } from '../command.ts';
import { moment } from '../moment.ts';
import { counted } from '../table.ts';

const A_DAY_MS = 86_400_000;

export const restored = command({
  name: 'restored',
  summary: 'after the database was set back: begin a new delivery epoch',
  help: `To be run once after a database was restored from a backup, or a replica that lacked commits took over: numbers of events
are given out a second time then, and Centrifugo and clients would take news for repeats. Run it before anything is
delivered from the restored database (stop the workers, or restore with all shards paused), then restart Centrifugo, so
that its history of what never happened is gone; with the Redis engine, empty that Redis.

Then all conversations that were active since a day before the newest event (--since), and all of which something waits,
are told to read again, because of what was acknowledged in the time that is lost. --no-resync leaves that out.`,
  options: {
    since: { type: 'string', value: 'TIME', what: 'whom to tell (1 day before the newest event)' },
    'no-resync': { type: 'boolean', what: 'only begin the epoch' },
  },
  examples: [
    'restored --why "restored the backup of 04:00"',
    'restored --since 2026-01-31 --why "failover to a late replica"',
  ],
  schema: z.object({ since: moment.optional(), 'no-resync': z.boolean().default(false) }),
  changes: () => true,
  run: async (asked, { sql, deed, ring, say }) => {
    const epoch = await beginEpoch(sql, deed);
    say(`delivery epoch ${epoch.now} begins, it was ${epoch.before}`);
    const since = asked.since ?? (await aDayBeforeTheNewest(sql));
    const conversations =
      asked['no-resync'] || since === null
        ? 0
        : await resync(sql, {
            target: { since, waiting: true },
            deed,
            ring,
            onProgress: (done, of) => say(`${done} of ${of} conversations`),
          });
    return {
      code: 0,
      data: { epoch, since, conversations },
      text: `delivery epoch ${epoch.now}; ${counted(conversations, 'conversation')} told to read again`,
    };
  },
});

async function aDayBeforeTheNewest(sql: Parameters<typeof newestEventAt>[0]): Promise<Date | null> {
  const newest = await newestEventAt(sql);
  return newest && new Date(newest.getTime() - A_DAY_MS);
}
