import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * When the process began, in a form that tells it from a later process with the same number; null when there is
 * none, or only its remains that nobody has collected.
 */
export function startOfProcess(pid: number): string | null {
  return existsSync('/proc/self/stat') ? startFromProc(pid) : startFromPs(pid);
}

/** Whether the process that wrote this record is still there. */
export function isSameProcess(record: { pid: number; began: string }): boolean {
  return startOfProcess(record.pid) === record.began;
}

function startFromProc(pid: number): string | null {
  try {
    // The second field is the program's name in brackets, which may hold blanks and brackets itself.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = rest[18];
    if (ticks === undefined || state === 'Z' || state === 'X') return null;
    return `${ticks} ticks after boot ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return null;
  }
}

function startFromPs(pid: number): string | null {
  const answer = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [state, ...began] = (answer.stdout ?? '').trim().split(/\s+/);
  return answer.status !== 0 || !state || state.startsWith('Z') ? null : began.join(' ');
}
