import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { lastLines } from './last-lines.ts';

export interface ServerProcess {
  pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
  logTail(): string;
  gone: Promise<{ code: number | null; signal: string | null }>;
}

export interface ServerProcessOptions {
  name: string;
  command: string;
  args: string[];
  /** The whole environment of the process: nothing is inherited (see `cleanEnvironment`). */
  env: Record<string, string>;
  cwd?: string;
  /** Run as this user; only root may ask for it. */
  owner?: { uid: number; gid: number };
  /** Everything the process writes is also appended here. */
  logFile?: string;
  /** Ready when the process wrote this, or when the probe says so. */
  ready: RegExp | (() => Promise<boolean>);
  readyTimeoutMs?: number;
  /** The signal for an orderly end; Postgres wants SIGINT, since SIGTERM makes it wait for its clients. */
  stopSignal?: NodeJS.Signals;
  stopTimeoutMs?: number;
  /** Called as soon as there is a pid, before the server is ready: whoever keeps pid files needs it then. */
  onSpawn?: ((pid: number) => void) | undefined;
}

/**
 * Starts a server as a child process and resolves when it is ready. When it ends before, or is not ready in
 * time, it is killed and the error carries its last words.
 *
 * The child leads a process group of its own: Ctrl-C in a terminal must reach us alone, because we stop the
 * parts in order.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { name, command, args, env, cwd, owner } = options;
  const child = spawn(command, args, {
    env,
    cwd,
    ...owner,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const spawned = Promise.withResolvers<number>();
  child.once('spawn', () => (child.pid ? spawned.resolve(child.pid) : undefined));
  child.once('error', (error) =>
    spawned.reject(new Error(`${name} could not be started: ${error.message}`)),
  );

  const tail = lastLines(200);
  const heard = Promise.withResolvers<true>();
  let awaited = options.ready instanceof RegExp ? options.ready : null;
  const listen = (chunk: Buffer): void => {
    tail.push(chunk.toString());
    if (options.logFile) appendFileSync(options.logFile, chunk);
    if (awaited?.test(tail.text())) {
      awaited = null;
      heard.resolve(true);
    }
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);

  const pid = await spawned.promise;
  options.onSpawn?.(pid);
  const leaveNoOrphan = (): void => void signalIfAlive(pid, options.stopSignal ?? 'SIGTERM');
  process.once('exit', leaveNoOrphan);
  void gone.then(() => process.off('exit', leaveNoOrphan));

  const kill = async (): Promise<void> => {
    signalIfAlive(pid, 'SIGKILL');
    await gone;
  };
  const stop = async (): Promise<void> => {
    signalIfAlive(pid, options.stopSignal ?? 'SIGTERM');
    const ended = await within(options.stopTimeoutMs ?? 3_000, gone);
    if (!ended) await kill();
  };

  const isReady = options.ready instanceof RegExp ? heard.promise : untilTrue(options.ready, gone);
  const timeoutMs = options.readyTimeoutMs ?? 30_000;
  const first = await within(timeoutMs, Promise.race([isReady, gone]));
  if (first !== true) {
    const what = first
      ? `ended at once (${first.signal ?? `exit code ${first.code}`})`
      : `was not ready after ${timeoutMs / 1000} s`;
    await kill();
    throw new Error(
      `${name} ${what}; its last words:\n${tail.text().trim().split('\n').slice(-12).join('\n')}`,
    );
  }
  return { pid, stop, kill, gone, logTail: tail.text };
}

async function untilTrue(probe: () => Promise<boolean>, gone: Promise<unknown>): Promise<true> {
  const giveUp = new AbortController();
  void gone.then(() => giveUp.abort());
  while (!giveUp.signal.aborted) {
    if (await probe().catch(() => false)) return true;
    await sleep(25);
  }
  return new Promise(() => {});
}

/** What the promise brings, or undefined when the time is up first. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
