import { createCentrifugeServerClient } from '@rov/realtime/server';
import { Worker } from 'bullmq';

import { run } from '../../core/lifecycle.ts';
import { createLog } from '../../core/log.ts';
import { readConfig } from '../../worker/config.ts';
import { EVENTS } from './job-per-row.ts';
import { sendOrThrow } from './send-or-throw.ts';
import { serveReady } from './serve-ready.ts';
import { commandsOf } from './told.ts';
import type { Told } from './told.ts';

const JOBS_AT_ONCE = 32;

await run(async () => {
  const config = readConfig();
  const centrifugo = createCentrifugeServerClient({
    url: config.CENTRIFUGO_URL,
    apiKey: config.CENTRIFUGO_API_KEY,
    connections: JOBS_AT_ONCE,
  });
  const worker = new Worker<Told>(EVENTS, ({ data }) => sendOrThrow(centrifugo, commandsOf(data)), {
    connection: { url: config.REDIS_URL },
    ...(config.QUEUE_PREFIX !== undefined && { prefix: config.QUEUE_PREFIX }),
    concurrency: JOBS_AT_ONCE,
  });
  const log = createLog({ door: 'job-per-row', level: config.LOG_LEVEL });
  worker.on('error', (err) => log.warn({ event: 'queue.error', err }));
  return {
    log,
    stops: [
      await serveReady(config),
      { name: 'jobs', stop: () => worker.close() },
      { name: 'connections', stop: () => centrifugo.close() },
    ],
  };
});
