import { ConfigError } from './config.ts';
import type { Logger } from './log.ts';

export type Stop = { name: string; stop: () => Promise<unknown> };

/**
 * Runs a process: starts it, and on SIGTERM or SIGINT stops its parts in the order given, each within
 * `partMs`, and exits with 0. A second signal exits at once. An unusable environment exits with 2.
 */
export async function run(
  start: () => Promise<{ log: Logger; stops: Stop[] }>,
  options: { partMs?: number } = {},
): Promise<void> {
  const started = await start().catch((error: unknown) => {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(2);
    }
    throw error;
  });
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    void stopAll(started, { signal, partMs: options.partMs ?? 2_000 }).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function stopAll(
  { log, stops }: { log: Logger; stops: Stop[] },
  { signal, partMs }: { signal: string; partMs: number },
): Promise<void> {
  log.info({ event: 'process.stopping', signal }, 'stopping');
  for (const { name, stop } of stops) {
    const outcome = await within(stop(), partMs);
    if (outcome !== 'done') log.warn({ event: 'process.part_not_stopped', part: name, outcome });
  }
  log.info({ event: 'process.stopped' }, 'stopped');
}

/** Waits for a promise no longer than that, and never throws. */
export async function within(
  promise: Promise<unknown>,
  ms: number,
): Promise<'done' | 'failed' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ms, 'late');
  });
  const settled = promise.then(
    () => 'done' as const,
    () => 'failed' as const,
  );
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}
