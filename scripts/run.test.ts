import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, expect, test } from 'vitest';

/** A checkout with nothing but what run.sh looks at, and an npm that only writes down that it was called. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rov-run-'));
  mkdirSync(join(folder, 'scripts'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'tools/runtime'), { recursive: true });
  cpSync(join(import.meta.dirname, 'run.sh'), join(folder, 'scripts/run.sh'));
  for (const lock of ['package-lock.json', 'tools/runtime/package-lock.json'])
    writeFileSync(join(folder, lock), '{}');
  writeFileSync(
    join(folder, 'say.ts'),
    'const words: string[] = process.argv.slice(2);\nconsole.log(...words);\n',
  );
  fakeNpm('mkdir -p node_modules');
});
afterEach(() => rmSync(folder, { recursive: true }));

const calls = (): string[] =>
  existsSync(join(folder, 'calls'))
    ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
    : [];

function program(name: string, script: string): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function fakeNpm(andThen: string): void {
  program('npm', `echo "$1 in .\${PWD#${folder}}" >> ${folder}/calls\n${andThen}`);
}

/** This very Node stands first on PATH, unless the test puts another in front. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`,
});
const run = (...args: string[]) =>
  spawnSync('sh', ['scripts/run.sh', ...args], {
    cwd: folder,
    env: environment(),
    encoding: 'utf8',
  });

test('the first run installs, the second only starts the file', () => {
  const first = run('say.ts', 'hello', 'two words');
  expect(first).toMatchObject({ status: 0, stdout: 'hello two words\n' });
  expect(first.stderr).toContain('installing the packages');
  expect(run('say.ts', 'again')).toMatchObject({ status: 0, stdout: 'again\n', stderr: '' });
  expect(calls()).toEqual(['ci in .']);
});

test('another lockfile is installed anew', () => {
  run('say.ts');
  writeFileSync(join(folder, 'package-lock.json'), '{"changed": true}');
  run('say.ts');
  expect(calls()).toEqual(['ci in .', 'ci in .']);
});

test('two runs at once install once', async () => {
  fakeNpm('mkdir -p node_modules; sleep 1');
  const outputs = await Promise.all(
    ['one', 'two'].map((word) => {
      const child = spawn('sh', ['scripts/run.sh', 'say.ts', word], {
        cwd: folder,
        env: environment(),
      });
      return text(child.stdout);
    }),
  );
  expect(outputs).toEqual(['one\n', 'two\n']);
  expect(calls()).toEqual(['ci in .']);
});

test('a lock whose owner is gone is taken over', () => {
  const gone = spawnSync('true').pid;
  mkdirSync(join(folder, '.setup.lock'));
  writeFileSync(join(folder, '.setup.lock/owner'), String(gone));
  const outcome = run('say.ts', 'hello');
  expect(outcome).toMatchObject({ status: 0, stdout: 'hello\n' });
  expect(outcome.stderr).toContain('going on in its place');
  expect(existsSync(join(folder, '.setup.lock'))).toBe(false);
});

test('a failed install is said, leaves no lock, and is tried again', () => {
  fakeNpm('echo "npm error network" >&2; exit 1');
  const failed = run('say.ts');
  expect(failed.status).toBe(1);
  expect(failed.stderr).toContain('npm error network');
  expect(failed.stderr).toContain('npm ci failed');
  expect(existsSync(join(folder, '.setup.lock'))).toBe(false);
  fakeNpm('mkdir -p node_modules');
  expect(run('say.ts', 'hello').stdout).toBe('hello\n');
});

test('an older Node on PATH gives way to one that is installed for this project', () => {
  program('node', 'exit 1');
  fakeNpm(
    `mkdir -p node_modules/.bin; [ "\${PWD##*/}" != runtime ] || ln -s ${process.execPath} node_modules/.bin/node`,
  );
  writeFileSync(join(folder, 'say.ts'), 'console.log(process.env.NODE)');
  const outcome = run('say.ts');
  expect(outcome.stdout).toBe(`${folder}/tools/runtime/node_modules/.bin/node\n`);
  expect(calls()).toEqual(['ci in ./tools/runtime', 'ci in .']);
  run('say.ts');
  expect(calls()).toHaveLength(2);
});

test('a Node that does not start comes with a hint', () => {
  program('node', 'exit 1');
  fakeNpm(
    'mkdir -p node_modules/.bin; printf "#!/bin/sh\\necho libatomic.so.1: cannot open >&2; exit 127" > node_modules/.bin/node; chmod +x node_modules/.bin/node',
  );
  const outcome = run('say.ts');
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toContain('libatomic.so.1: cannot open');
  expect(outcome.stderr).toContain('apt-get install libatomic1');
});
