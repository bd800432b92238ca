import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file for each process that a test has started, named by its pid, until it ended. A test process that dies itself
 * cannot end its children; whoever started the run finds them here.
 */
export function enter(ledger: string, { pid, name }: { pid: number; name: string }): () => void {
  const file = join(ledger, String(pid));
  writeFileSync(file, JSON.stringify({ name, started: startOf(pid) }));
  return () => rmSync(file, { force: true });
}

/** Ends what is still listed and running; gives their names. A pid that now belongs to somebody else is left alone. */
export async function endLeftovers(ledger: string): Promise<string[]> {
  const left: string[] = [];
  for (const file of readdirSync(ledger)) {
    const pid = Number(file);
    const entry: unknown = JSON.parse(readFileSync(join(ledger, file), 'utf8'));
    const { name, started } = entry as { name: string; started: string };
    if (started === '' || startOf(pid) !== started) continue;
    process.kill(pid, 'SIGKILL');
    left.push(`${name} (${pid})`);
  }
  return left;
}

/** When a process began, in the kernel's own count; empty when there is none or the system does not tell. */
function startOf(pid: number): string {
  try {
    // Field 22, counted behind the program's name, which may contain spaces.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
