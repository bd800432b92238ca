import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

import { findProgram } from './find-program.ts';
import { NotHere } from './ways.ts';

const run = promisify(execFile);

/** Installs Debian's redis-server and gives its path. Only as root, only with apt, and never without saying so. */
export async function installRedis(say: (line: string) => void): Promise<string | NotHere> {
  if (userInfo().uid !== 0 || !existsSync('/etc/debian_version') || !findProgram('apt-get')) {
    return new NotHere('not root on Debian, so it cannot be installed from here');
  }
  say('installing redis-server with apt-get, since this machine has none');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], {
      env,
    });
  } catch (error) {
    return new NotHere(`apt-get could not install redis-server: ${lastLine(error)}`);
  }
  return (
    findProgram('redis-server') ??
    new NotHere('apt-get installed redis-server, yet it is not on PATH')
  );
}

function lastLine(error: unknown): string {
  return String(error).trim().split('\n').at(-1) ?? '';
}
