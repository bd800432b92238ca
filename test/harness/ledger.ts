import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isSameProcess, startOfProcess } from '../../embedded/same-process.ts';

/**
 * A file for each process that a test has started, named by its pid, until it ended. A test process that dies itself
 * cannot end its children; whoever started the run finds them here.
 */
export function enter(ledger: string, { pid, name }: { pid: number; name: string }): () => void {
  const file = join(ledger, String(pid));
  writeFileSync(file, JSON.stringify({ name, began: startOfProcess(pid) ?? '' }));
  return () => rmSync(file, { force: true });
}

/** Ends what is still listed and running; gives their names. A pid that now belongs to somebody else is left alone. */
export async function endLeftovers(ledger: string): Promise<string[]> {
  const left: string[] = [];
  for (const file of readdirSync(ledger)) {
    const pid = Number(file);
    const entry: unknown = JSON.parse(readFileSync(join(ledger, file), 'utf8'));
    const { name, began } = entry as { name: string; began: string };
    if (!isSameProcess({ pid, began })) continue;
    process.kill(pid, 'SIGKILL');
    left.push(`${name} (${pid})`);
  }
  return left;
}
