import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, expect, test } from 'vitest';

import { hashPassword } from '../../dashboard/hash-password.ts';
import { cleanEnvironment } from '../../embedded/clean-environment.ts';
import { emptyDatabaseForFile, sharedServers, stackForFile } from '../harness/in-file.ts';
import { startDoor } from '../harness/processes.ts';

const { execPath } = process;
const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What the image would hold: only what the Dockerfile copies, and only the packages that it installs. */
const image = mkdtempSync(join(tmpdir(), 'rov-image-'));
afterAll(() => rmSync(image, { recursive: true, force: true }));
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
const install = /^RUN (npm ci --omit.*)$/m.exec(dockerfile)?.[1] ?? '';
const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) (\S+)$/gm)].flatMap(
  ([, sources = '', target = '']) => sources.split(' ').map((source) => ({ source, target })),
);
for (const { source, target } of copied) {
  const to = target.endsWith('/') ? join(target, source.split('/').at(-1)!) : target;
  mkdirSync(dirname(join(image, to)), { recursive: true });
  cpSync(join(ROOT, source), join(image, to), {
    recursive: true,
    filter: (path) => !/node_modules|\/dist$|\.test\.tsx?$|\/web$/.test(path),
  });
}
// What its own stage builds; any page will do here.
mkdirSync(join(image, 'web/dist'), { recursive: true });
writeFileSync(join(image, 'web/dist/index.html'), '<title>the web client</title>');

const [npm = '', ...words] = install.split(' ');
await run(npm, [...words, '--prefer-offline', '--no-audit', '--no-fund'], { cwd: image });

const database = await emptyDatabaseForFile();
const stack = await stackForFile({ workers: 0 });
const common = {
  DATABASE_URL: database.url,
  REDIS_URL: stack.redis.url,
  QUEUE_PREFIX: stack.redis.prefix,
  CENTRIFUGO_URL: stack.centrifugo.url,
  CENTRIFUGO_API_KEY: stack.centrifugo.apiKey,
};
await run(execPath, ['migrations/migrate.ts'], {
  cwd: image,
  env: cleanEnvironment(common),
});

test('the operators’ command line runs from it', async () => {
  const { stdout } = await run(execPath, ['ops.ts', 'status', '--json'], {
    cwd: image,
    env: cleanEnvironment(common),
  });
  expect(JSON.parse(stdout)).toMatchObject({ waiting: 0, deadLetters: 0 });
  const { stderr } = await run(execPath, ['ops.ts', 'resume', '--all', '--why', 'a test'], {
    cwd: image,
    env: cleanEnvironment(common),
  });
  expect(stderr).toBe('');
});

test.concurrent.each([
  { door: 'api', portVariable: 'PORT', path: '/', says: 'the web client' },
  { door: 'worker', portVariable: 'WORKER_PORT', path: '/metrics', says: 'rov_' },
  { door: 'dashboard', portVariable: 'DASHBOARD_PORT', path: '/login', says: 'password' },
])('the $door starts from it, answers, and ends with 0', async ({ door, ...asked }) => {
  const { path, portVariable, says } = asked;
  const { identity, centrifugo } = stack;
  const started = await startDoor({
    ledger: sharedServers().ledger,
    name: door,
    cwd: image,
    entry: `${door}/main.ts`,
    portVariable,
    env: {
      ...common,
      CENTRIFUGO_TOKEN_HMAC_SECRET: centrifugo.hmacSecret,
      CENTRIFUGO_WS_URL: centrifugo.wsUrl,
      AUTH_JWT_SECRET: identity.secret,
      AUTH_ISSUER: identity.issuer,
      AUTH_AUDIENCE: identity.audience,
      OPERATORS: `olga:operator:${await hashPassword('a long password')}`,
      DASHBOARD_SESSION_SECRET: identity.secret,
    },
  });
  try {
    // It is ready, since it has started; the health check of its container must find so too.
    await run(execPath, ['core/probe.ts', `${started.url}/readyz`], { cwd: image });
    await expect(
      run(execPath, ['core/probe.ts', `${started.url}/nowhere`], { cwd: image }),
    ).rejects.toMatchObject({ code: 1 });
    expect(await (await fetch(`${started.url}${path}`)).text()).toContain(says);
  } finally {
    expect(await started.stop()).toBe(0);
  }
});
