import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { cleanEnvironment } from '../../embedded/clean-environment.ts';
import { onSomePort } from '../../embedded/ports.ts';
import { QUICK_NODE } from '../../embedded/quick-node.ts';
import { startServerProcess } from '../../embedded/server-process.ts';
import type { ServerProcess } from '../../embedded/server-process.ts';
import { enter } from './ledger.ts';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One JSON line that a door wrote. */
export type LogLine = Record<string, unknown> & { event?: string; level?: string };

/** One of our doors as a process of its own. */
export type Door = {
  name: string;
  /** `http://127.0.0.1:<port>`; stays the same through restarts. */
  url: string;
  pid(): number;
  /** Everything it has logged, restarts included. */
  logs(): LogLine[];
  /** Its whole output, also what is no JSON. */
  output(): string;
  waitForLog(find: (line: LogLine) => boolean, options?: { timeoutMs?: number }): Promise<LogLine>;
  /** SIGKILL. Resolves once it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  running(): boolean;
  signal(signal: NodeJS.Signals): void;
};

export type DoorOptions = {
  ledger: string;
  name: string;
  /** The folder to run in, as bare as an image does; the repository's root unless told, where it starts quicker. */
  cwd?: string;
  /** The file to run, from that folder: `api/main.ts`. */
  entry: string;
  /** The variable that carries its port: `PORT`. */
  portVariable: string;
  port?: number | undefined;
  env: Record<string, string>;
};

/**
 * Starts a door on a free port, with nothing in its environment but what is given here, and waits until `/readyz`
 * answers 200. It is restarted on its port, because others know it by that.
 */
export async function startDoor(options: DoorOptions): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'rov-door-'));
  const logFile = join(folder, `${options.name}.log`);
  const output = (): string => readFileSync(logFile, { encoding: 'utf8', flag: 'a+' });

  const way = options.cwd === undefined ? QUICK_NODE : { args: [], env: {} };
  let running: ServerProcess | null = null;
  const start = async (port: number): Promise<void> => {
    let forget = (): void => undefined;
    const server = await startServerProcess({
      name: options.name,
      command: process.execPath,
      args: [...way.args, options.entry],
      cwd: options.cwd ?? ROOT,
      env: cleanEnvironment({ ...way.env, ...options.env, [options.portVariable]: String(port) }),
      logFile,
      readyTimeoutMs: 45_000,
      stopTimeoutMs: 7_000,
      ready: async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
          signal: AbortSignal.timeout(2_000),
        });
        await answer.body?.cancel();
        return answer.status === 200;
      },
      onSpawn: (pid) => {
        const strike = enter(options.ledger, { pid, name: options.name });
        pids.set(pid, options.name);
        forget = () => {
          pids.delete(pid);
          strike();
        };
      },
    }).catch((error: unknown) => {
      forget();
      throw error;
    });
    running = server;
    void server.gone.then(() => {
      forget();
      if (running === server) running = null;
    });
  };
  const tidy = (): void => {
    if (!process.env['KEEP_LOGS']) rmSync(folder, { recursive: true, force: true });
  };
  const onPort = async (port: number): Promise<number> => {
    await start(port);
    return port;
  };
  const port = await onSomePort(options.port, onPort).catch((error: unknown) => {
    tidy();
    throw error;
  });

  const gone = async (how: 'kill' | 'stop'): Promise<number | null> => {
    if (!running) return null;
    const server = running;
    await server[how]();
    await server.silent;
    return (await server.gone).code;
  };
  const logs = (): LogLine[] => output().split('\n').flatMap(parseLine);
  return {
    name: options.name,
    url: `http://127.0.0.1:${port}`,
    pid: () => {
      if (!running) throw new Error(`${options.name} is not running`);
      return running.pid;
    },
    logs,
    output,
    waitForLog: async (find, { timeoutMs = 5_000 } = {}) => {
      let found: LogLine | undefined;
      await until(() => Boolean((found = logs().find(find))), {
        timeoutMs,
        what: () => `a line in the log of ${options.name}, which ends with\n${tail(output())}`,
      });
      return found!;
    },
    kill: async () => void (await gone('kill')),
    stop: async () => {
      const code = await gone('stop');
      tidy();
      return code;
    },
    restart: () => start(port),
    running: () => running !== null,
    signal: (signal) => {
      if (running) process.kill(running.pid, signal);
    },
  };
}

/** Doors that are running now: none may be left when a test file ends. */
const pids = new Map<number, string>();

/** Names them once: the file that comes next in this process did not leave them. */
export function takeDoorsLeft(): string[] {
  const left = [...pids].map(([pid, name]) => `${name} (${pid})`);
  pids.clear();
  return left;
}

function parseLine(line: string): LogLine[] {
  if (!line.startsWith('{')) return [];
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return []; // The line is still being written.
  }
}

function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-12).join('\n');
}
