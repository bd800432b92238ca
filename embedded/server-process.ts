import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { lastLines } from './last-lines.ts';

export interface ServerProcess {
  pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): Promise<void>;
  logTail(): string;
  gone: Promise<Ending>;
  /** Resolves once it is gone and all that it wrote has been read. */
  silent: Promise<unknown>;
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
  /** Called with each whole line that the process writes. */
  onLine?: (line: string) => void;
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
  const { name, command, args, env, cwd, owner, stopSignal = 'SIGTERM' } = options;
  const child = spawn(command, args, {
    env,
    cwd,
    ...owner,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = listenTo([child.stdout, child.stderr], options);
  const gone = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.on('error', () => resolve({ code: null, signal: null }));
  });
  const silent = new Promise((resolve) => child.once('close', resolve));
  // Before anything is awaited: should we end now, somebody must know of this process.
  endWithUs(child, { signal: stopSignal, gone });
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const pid = await pidOf(child, name);

  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  const stop = async (): Promise<void> => {
    child.kill(stopSignal);
    if (!(await within(options.stopTimeoutMs ?? 3_000, gone))) await kill();
  };

  const { ready, readyTimeoutMs = 30_000 } = options;
  const isReady = ready instanceof RegExp ? output.heard : untilTrue(ready, gone);
  const first = await within(readyTimeoutMs, Promise.race([isReady, gone]));
  const signal = async (name: NodeJS.Signals): Promise<void> => void child.kill(name);
  if (first === true) return { pid, stop, kill, signal, gone, silent, logTail: output.tail };

  await kill();
  // What it said last may still be on its way.
  await within(100, silent);
  const what = first
    ? `ended at once (${describeEnding(first)})`
    : `was not ready after ${readyTimeoutMs / 1000} s`;
  throw new Error(
    `${name} ${what}; its last words:\n${output.tail().trim().split('\n').slice(-12).join('\n')}`,
  );
}

export interface Ending {
  code: number | null;
  signal: string | null;
}

export function describeEnding(ending: Ending): string {
  return ending.signal ?? `exit code ${ending.code}`;
}

function listenTo(
  streams: Readable[],
  options: Pick<ServerProcessOptions, 'logFile' | 'onLine' | 'ready'>,
): { tail: () => string; heard: Promise<true> } {
  const tail = lastLines(200);
  const heard = Promise.withResolvers<true>();
  let awaited = options.ready instanceof RegExp ? options.ready : null;
  for (const stream of streams) {
    let unfinished = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail.push(text);
      if (options.logFile) appendFileSync(options.logFile, text);
      if (awaited?.test(tail.text())) {
        awaited = null;
        heard.resolve(true);
      }
      if (!options.onLine) return;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      lines.forEach(options.onLine);
    });
  }
  return { tail: tail.text, heard: heard.promise };
}

function pidOf(child: ChildProcess, name: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('spawn', () => child.pid !== undefined && resolve(child.pid));
  child.once('error', (error) =>
    reject(new Error(`${name} could not be started: ${error.message}`)),
  );
  return promise;
}

const children = new Map<ChildProcess, NodeJS.Signals>();

/** When this process ends without having stopped its servers, they are told to end as well. */
function endWithUs(
  child: ChildProcess,
  options: { signal: NodeJS.Signals; gone: Promise<Ending> },
): void {
  process.off('exit', endChildren).once('exit', endChildren);
  children.set(child, options.signal);
  void options.gone.then(() => children.delete(child));
}

function endChildren(): void {
  for (const [child, signal] of children) child.kill(signal);
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
