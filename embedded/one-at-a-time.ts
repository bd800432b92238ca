import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import * as z from 'zod';

import { isSameProcess, startOfProcess } from './same-process.ts';

const Claim = z.object({ pid: z.number(), began: z.string(), url: z.string().optional() });
type Claim = z.infer<typeof Claim>;

/** The run that holds the folder now, or null. */
function whoRuns(file: string): Claim | null {
  const claim = read(file);
  return claim && isSameProcess(claim) ? claim : null;
}

/** Another run of `npm start` on this folder is alive. */
export class RunningAlready extends Error {
  override readonly name = 'RunningAlready';
  constructor(other: Claim) {
    super(`"npm start" runs here already: pid ${other.pid}, ${other.url ?? 'still starting'}`);
  }
}

export interface Hold {
  /** Says where the app can be found, for the message that a second start prints. */
  announce: (url: string) => void;
  release: () => void;
}

/** Claims the folder for this process, or throws `RunningAlready`. The claim of a process that is gone counts as none. */
export function runAlone(file: string): Hold {
  mkdirSync(dirname(file), { recursive: true });
  const mine: Claim = { pid: process.pid, began: startOfProcess(process.pid) ?? '' };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    while (!linked(draft, file)) {
      const other = whoRuns(file);
      if (other) throw new RunningAlready(other);
      setAside(file);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    announce: (url) => {
      writeFileSync(draft, JSON.stringify({ ...mine, url } satisfies Claim));
      renameSync(draft, file);
    },
    release: () => {
      if (read(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

/** Linking, unlike writing, fails when the name is there, and whoever reads the name finds the whole content. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead claim, and puts back what turns out to be the claim of somebody who was faster. */
function setAside(file: string): void {
  const aside = `${file}.old.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (whoRuns(aside)) linked(aside, file);
  rmSync(aside, { force: true });
}

function read(file: string): Claim | null {
  try {
    const claim = Claim.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return claim.success ? claim.data : null;
  } catch {
    return null;
  }
}
