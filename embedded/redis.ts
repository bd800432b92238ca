import { mkdirSync } from 'node:fs';

import { cleanEnvironment } from './clean-environment.ts';
import { onSomePort } from './ports.ts';
import { startServerProcess } from './server-process.ts';
import type { Server } from './server.ts';

export interface RedisOptions {
  /** The full path of a redis-server or valkey-server. */
  program: string;
  folder: string;
  /** Any free port when absent. */
  port?: number | undefined;
  /** Keep what was written across restarts (append-only file, flushed every second). */
  durable: boolean;
  logFile?: string | undefined;
  onSpawn?: ((pid: number) => void) | undefined;
}

/** Starts a Redis of our own: 127.0.0.1 only, and it never evicts, since BullMQ's keys are no cache. */
export async function startRedisProgram(options: RedisOptions): Promise<Server> {
  const { program, folder, durable, logFile, onSpawn } = options;
  mkdirSync(folder, { recursive: true });
  const keeping = durable
    ? ['--appendonly', 'yes', '--appendfsync', 'everysec']
    : ['--appendonly', 'no'];
  return onSomePort(options.port, async (port) => {
    const fixed = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--daemonize',
      'no',
    ];
    const server = await startServerProcess({
      name: 'Redis',
      command: program,
      args: [...fixed, '--maxmemory-policy', 'noeviction', ...keeping],
      env: cleanEnvironment(),
      ready: /Ready to accept connections/,
      ...(logFile !== undefined && { logFile }),
      onSpawn,
    });
    return {
      part: 'redis',
      url: `redis://127.0.0.1:${port}`,
      port,
      tier: program,
      why: '',
      ...server,
    };
  });
}
