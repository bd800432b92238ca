import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import { isSameProcess, startOfProcess } from './same-process.ts';

const Record = z.object({ name: z.string(), pid: z.number().int().positive(), began: z.string() });
type Record = z.infer<typeof Record>;

/** Remembers which processes a run started, so that the next run can stop those that outlived it. */
export interface PidFiles {
  remember: (name: string, pid: number) => void;
  forget: (name: string) => void;
  /**
   * Stops what a run that was killed left behind, in the order given: SIGINT, which for Postgres means "now, but
   * orderly", then SIGKILL. Only a process that is the very one of the record is touched.
   */
  stopOrphans: (order: string[], say: (line: string) => void) => Promise<void>;
}

export function pidFiles(folder: string): PidFiles {
  mkdirSync(folder, { recursive: true });
  const fileOf = (name: string): string => join(folder, `${name}.pid.json`);
  const forget = (name: string): void => rmSync(fileOf(name), { force: true });
  return {
    remember: (name, pid) => {
      const began = startOfProcess(pid);
      if (began !== null)
        writeFileSync(fileOf(name), JSON.stringify({ name, pid, began } satisfies Record));
    },
    forget,
    stopOrphans: async (order, say) => {
      const rank = ({ name }: Record): number =>
        order.includes(name) ? order.indexOf(name) : order.length;
      const left = readRecords(folder).toSorted((a, b) => rank(a) - rank(b));
      for (const record of left) {
        if (isSameProcess(record)) {
          say(`stopping ${record.name} (pid ${record.pid}), left over from a run that was killed`);
          await end(record);
        }
        forget(record.name);
      }
    },
  };
}

function readRecords(folder: string): Record[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pid.json'))
    .flatMap((name) => {
      const parsed = Record.safeParse(parseJson(readFileSync(join(folder, name), 'utf8')));
      return parsed.success ? [parsed.data] : [];
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function end(record: Record): Promise<void> {
  signal(record, 'SIGINT');
  for (let waitedMs = 0; isSameProcess(record) && waitedMs < 10_000; waitedMs += 25) {
    if (waitedMs === 3_000) signal(record, 'SIGKILL');
    await sleep(25);
  }
  if (isSameProcess(record))
    throw new Error(
      `${record.name} (pid ${record.pid}) is left over from an earlier run and does not end`,
    );
}

function signal(record: Record, name: NodeJS.Signals): void {
  try {
    process.kill(record.pid, name);
  } catch (error) {
    if (isSameProcess(record)) throw error;
  }
}
