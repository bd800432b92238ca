import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { delimiter, join } from 'node:path';

import { QUICK_NODE } from '../embedded/quick-node.ts';

/** The repository's root. */
export const ROOT = join(import.meta.dirname, '..');

export interface StepResult {
  /** The exit code; 1 for a command that could not start or was ended by a signal. */
  code: number;
  /** What the command printed; the order of lines is kept within each of the two streams only. Empty when inherited. */
  output: string;
  seconds: number;
}

export interface StepOptions {
  /** Working folder, the repository's root unless told. */
  cwd?: string;
  env?: Record<string, string>;
  /** Hands the terminal through instead of collecting the output. */
  inherit?: boolean;
  /** Ends the command when aborted. */
  signal?: AbortSignal;
}

const running = new Set<ChildProcess>();
/** The exit code to end with once nothing runs any more; set by a signal, after which no step begins or returns. */
let stopping: number | undefined;

/** Runs one command with the project's own tools first on PATH and waits for its end. Never throws. */
export async function runStep(
  command: readonly [string, ...string[]],
  { cwd = ROOT, env = {}, inherit = false, signal }: StepOptions = {},
): Promise<StepResult> {
  const [file, ...args] = command;
  const started = performance.now();
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...QUICK_NODE.env, PATH: toolsFirst(), ...env },
    stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  running.add(child);
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer) => chunks.push(chunk);
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${file}: ${error.message}\n`));
      resolve(1);
    });
    child.once('close', (exitCode) => {
      running.delete(child);
      if (stopping === undefined) resolve(exitCode ?? 1);
      else if (running.size === 0) process.exit(stopping);
    });
  });
  const seconds = (performance.now() - started) / 1000;
  return { code, output: Buffer.concat(chunks).toString(), seconds };
}

/**
 * On SIGTERM and SIGINT: tells what runs, which stops its servers, waits for it and ends. A second signal ends at once.
 *
 * A terminal's Ctrl-C reaches the whole process group anyway, but whoever signals only this process expects the same.
 */
export function endOnSignals(): void {
  for (const [signal, exitCode] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    process.once(signal, () => {
      stopping = exitCode;
      if (running.size === 0) process.exit(exitCode);
      for (const child of running) child.kill(signal);
    });
  }
}

function toolsFirst(): string {
  return [join(ROOT, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
}
