import type { Stop } from '../../core/lifecycle.ts';
import { listen } from '../../core/listen.ts';
import type { WorkerConfig } from '../../worker/config.ts';

/** Tells whoever started the process that it is there. */
export async function serveReady(
  config: Pick<WorkerConfig, 'HOST' | 'WORKER_PORT'>,
): Promise<Stop> {
  const listening = await listen((_request, response) => void response.end('ok\n'), {
    host: config.HOST,
    port: config.WORKER_PORT,
  });
  return { name: 'ready', stop: () => listening.close({ finishMs: 0 }) };
}
