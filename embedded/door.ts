import { join } from 'node:path';

import * as z from 'zod';

import { cleanEnvironment } from './clean-environment.ts';
import { QUICK_NODE } from './quick-node.ts';
import { CHECKOUT } from './rov-folder.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

export interface DoorOptions {
  name: 'api' | 'worker' | 'dashboard';
  /** The file that Node runs, relative to the checkout. */
  file: string;
  env: Record<string, string>;
  /** Answers 200 when the door works. */
  readyUrl: string;
  logFile: string;
  stopTimeoutMs: number;
  say: (line: string) => void;
  onSpawn: (pid: number) => void;
}

/** Starts one of the product's processes. Its log goes to a file, warnings and worse also to the terminal. */
export function startDoor(options: DoorOptions): Promise<ServerProcess> {
  const { name, file, env, readyUrl, logFile, stopTimeoutMs, say, onSpawn } = options;
  return startServerProcess({
    name,
    command: process.execPath,
    args: [...QUICK_NODE.args, join(CHECKOUT, file)],
    cwd: CHECKOUT,
    env: cleanEnvironment({ ...QUICK_NODE.env, ...env }),
    ready: async () =>
      (await fetch(readyUrl, { signal: AbortSignal.timeout(1_000) })).status === 200,
    readyTimeoutMs: 60_000,
    logFile,
    onLine: (line) => {
      const warning = warningIn(line);
      if (warning) say(`${name}: ${warning}`);
    },
    stopTimeoutMs,
    onSpawn,
  });
}

const LogLine = z.object({
  level: z.string(),
  event: z.string().optional(),
  msg: z.string().optional(),
  err: z.object({ message: z.string() }).optional(),
});
const LOUD = new Set(['warn', 'error', 'fatal']);

/** What a line of a door's log warns of, shortened, or null. A line that is no log entry is a fault's own words. */
export function warningIn(line: string): string | null {
  if (line.trim() === '') return null;
  const entry = LogLine.safeParse(parseJson(line));
  if (!entry.success) return line.slice(0, 300);
  const { level, event, msg, err } = entry.data;
  return LOUD.has(level)
    ? [level, event, msg, err?.message].filter(Boolean).join(' · ').slice(0, 300)
    : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
