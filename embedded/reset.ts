/** `npm run reset`: empties the folder of `npm start`, and what Postgres under root had to keep elsewhere. */
import { existsSync, readFileSync, rmSync } from 'node:fs';

import { removeVolume } from './containers.ts';
import { runAlone, RunningAlready } from './one-at-a-time.ts';
import { pidFiles } from './pid-files.ts';
import { removeOutsideFolder } from './postgres-folder.ts';
import { ROV, ROV_FILES } from './rov-folder.ts';
import { STOP_ORDER } from './running-stack.ts';

const say = (line: string): void => console.log(`rov: ${line}`);

if (!existsSync(ROV)) {
  say('nothing to empty');
} else {
  try {
    runAlone(ROV_FILES.claim);
    await pidFiles(ROV_FILES.pids).stopOrphans([...STOP_ORDER], say);
    const volume =
      existsSync(ROV_FILES.postgresVolume) && readFileSync(ROV_FILES.postgresVolume, 'utf8');
    if (volume) await removeVolume(volume);
    const outside = removeOutsideFolder();
    rmSync(ROV, { recursive: true, force: true });
    say(
      `emptied ${[ROV, outside, volume && `the Docker volume ${volume}`].filter(Boolean).join(' and ')}`,
    );
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    console.error(`rov: ${words}${error instanceof RunningAlready ? '; stop it first' : ''}`);
    process.exit(1);
  }
}
