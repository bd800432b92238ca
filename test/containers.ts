/**
 * `npm run containers`: builds the image, brings up docker-compose.yml under a project name of its own, on free ports and
 * with fresh secrets, and uses it as people do; crashes Centrifugo and the worker, stops everything and brings it up
 * again on the same volumes. Exit code 0 when nothing was lost. Needs Docker, or podman, with compose. Takes its
 * containers, networks and volumes away at the end; the images stay.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hashPassword } from '../dashboard/hash-password.ts';
import { freePort } from '../embedded/ports.ts';
import { fillIn } from '../scripts/env.ts';
import { openCompose } from './harness/compose.ts';
import type { Compose } from './harness/compose.ts';
import { createIdentity, createPeople } from './harness/people.ts';
import { createRecorder } from './harness/recorder.ts';
import { until } from './harness/until.ts';
import { judge } from './harness/verdict.ts';
import type { AcknowledgedSend } from './harness/verdict.ts';

const DOORS = ['api', 'worker', 'dashboard'];
const PASSWORD = randomBytes(12).toString('hex');
const identity = createIdentity();
const folder = await mkdtemp(join(tmpdir(), 'rov-containers-'));
const envFile = join(folder, 'env');
const [apiPort, dashboardPort, centrifugoPort] = [
  await freePort(),
  await freePort(),
  await freePort(),
];
const apiUrl = `http://127.0.0.1:${apiPort}`;
const wsUrl = `ws://127.0.0.1:${centrifugoPort}/connection/websocket`;

async function step(name: string, work: () => Promise<string | void>): Promise<void> {
  const from = performance.now();
  const remark = await work();
  const took = `${((performance.now() - from) / 1_000).toFixed(1)} s`.padStart(8);
  console.log(`ok ${took}  ${name}${remark ? `: ${remark}` : ''}`);
}

function demand(truth: boolean, what: string): void {
  if (!truth) throw new Error(what);
}

async function writeEnvironment(): Promise<void> {
  const template = await readFile(join(import.meta.dirname, '../.env.example'), 'utf8');
  const values = {
    PORT: apiPort,
    DASHBOARD_PORT: dashboardPort,
    CENTRIFUGO_PORT: centrifugoPort,
    CENTRIFUGO_WS_URL: wsUrl,
    AUTH_JWT_SECRET: identity.secret,
    AUTH_ISSUER: identity.issuer,
    AUTH_AUDIENCE: identity.audience,
    OPERATORS: `'olga:operator:${await hashPassword(PASSWORD)}'`,
  };
  // The last of two lines for a name counts.
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  await writeFile(envFile, `${fillIn(template, apiUrl)}\n${lines.join('\n')}\n`, { mode: 0o600 });
}

const up = (stack: Compose) => () =>
  stack.compose(['up', '--detach', '--wait', '--wait-timeout', '180'], { timeoutMs: 240_000 });

async function looksRight(stack: Compose): Promise<string> {
  for (const door of DOORS) {
    const uid = await stack.inside(door, 'node', '--print', 'process.getuid()');
    demand(uid.trim() === '1000', `${door} runs as user ${uid}`);
    const write = await stack.inside(door, 'touch', '/app/here').catch(String);
    demand(write.includes('Read-only'), `${door} could write to its image: ${write}`);
  }
  const keeps = await stack.inside('valkey', 'valkey-cli', 'config', 'get', 'appendonly');
  const evicts = await stack.inside('valkey', 'valkey-cli', 'config', 'get', 'maxmemory-policy');
  demand(/yes/.test(keeps) && /noeviction/.test(evicts), `valkey: ${keeps} ${evicts}`);
  const page = await (await fetch(apiUrl)).text();
  demand(page.includes('<div id="app">'), 'the api does not serve the web client');
  const metrics = await fetch(`${apiUrl}/metrics`);
  demand(metrics.status === 404, `/metrics answers ${metrics.status} on the published port`);
  return 'user 1000, read-only, Valkey keeps and never evicts, the api serves the web client';
}

async function logIn(): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${dashboardPort}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ name: 'olga', password: PASSWORD }),
  });
  demand(answer.status === 303, `the login answered ${answer.status}`);
  const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  const home = await fetch(`http://127.0.0.1:${dashboardPort}/`, {
    redirect: 'manual',
    headers: { cookie: cookie.join('; ') },
  });
  demand(home.status === 200, `the first page answered ${home.status}`);
}

async function containers(stack: Compose): Promise<void> {
  const people = createPeople({ identity, baseUrl: () => apiUrl });
  await step('the image is built', async () => {
    await stack.compose(['build'], { timeoutMs: 900_000 });
  });
  await step('everything is up and healthy', async () => void (await up(stack)()));
  await step('the containers are as they should be', () => looksRight(stack));
  await step('an operator logs in', logIn);

  const [ann, ben] = [await people.person('Ann'), await people.person('Ben')];
  const conversationId = await people.direct(ann, ben);
  const page = createRecorder({ person: ben, conversations: [conversationId], url: wsUrl });
  const sends: AcknowledgedSend[] = [];
  const send = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      const message = { clientId: randomUUID(), content: `number ${sends.length + 1}` };
      sends.push((await ann.rest.send(conversationId, message)).body);
    }
  };
  const heardAll = () =>
    page.until(() => page.shown(conversationId).length >= sends.length, {
      timeoutMs: 60_000,
      what: () => `${sends.length} messages; ${page.shown(conversationId).length} are there`,
    });
  try {
    await page.ready(20_000);
    await step('a message travels from REST to the WebSocket', () => send(1).then(heardAll));
    // The sweeper alone would have delivered it as well.
    const keys = await stack.inside('valkey', 'valkey-cli', 'dbsize');
    demand(Number.parseInt(keys, 10) > 0, 'no doorbell came to Valkey');
    for (const service of ['centrifugo', 'worker']) {
      await step(`kill -9 of ${service}, ten messages, and it is restarted`, async () => {
        const { startedAt } = await stack.state(service);
        await stack.crash(service);
        await send(10);
        await until(
          async () => {
            const now = await stack.state(service);
            return now.pid !== 0 && now.startedAt !== startedAt;
          },
          { timeoutMs: 60_000, what: `${service} to be restarted` },
        );
        await heardAll();
      });
    }
  } finally {
    page.close();
  }
  const { rawDuplicates, ...faults } = judge(sends, [page]);
  demand(
    Object.values(faults).every(({ length }) => length === 0),
    JSON.stringify(faults),
  );
  console.log(
    `             ${sends.length} messages, in order and once; ${rawDuplicates} repeats on the wire`,
  );

  await step('SIGTERM ends each door with 0', async () => {
    const from = performance.now();
    await stack.compose(['stop', ...DOORS]);
    const codes = await Promise.all(DOORS.map(async (door) => (await stack.state(door)).exitCode));
    demand(
      codes.every((code) => code === 0),
      `exit codes ${codes.join(', ')}`,
    );
    return `all three in ${((performance.now() - from) / 1_000).toFixed(1)} s`;
  });
  await stack.inside('valkey', 'valkey-cli', 'set', 'rov-containers', 'kept');
  await step('down, and up again', async () => {
    await stack.compose(['down', '--timeout', '20'], { timeoutMs: 120_000 });
    await up(stack)();
  });
  await step('what was written is still there', async () => {
    const { items } = await ann.rest.messages(conversationId, { limit: 100 });
    demand(items.length === sends.length, `${items.length} messages are left`);
    const kept = await stack.inside('valkey', 'valkey-cli', 'get', 'rov-containers');
    demand(kept.includes('kept'), 'Valkey forgot');
  });
}

async function main(): Promise<void> {
  const project = `rov-check-${randomBytes(3).toString('hex')}`;
  const interrupted = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => interrupted.reject(new Error(`ended by ${signal}`)));
  let stack: Compose | undefined;
  try {
    await writeFile(envFile, '');
    stack = await openCompose({ project, envFile });
    const refused = await stack.compose(['config', '--quiet']).catch(String);
    demand(refused.includes('set it in .env'), `compose did not ask for its secrets: ${refused}`);
    await writeEnvironment();
    await Promise.race([containers(stack), interrupted.promise]);
  } catch (error) {
    console.log(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    if (stack) console.log(await stack.compose(['logs', '--tail', '15']).catch(String));
  } finally {
    await stack
      ?.compose(['down', '--volumes', '--timeout', '5'], { timeoutMs: 120_000 })
      .catch((error: unknown) => {
        console.log(`FAILED to clean up: ${String(error)}`);
        process.exitCode = 1;
      });
    await rm(folder, { recursive: true, force: true });
  }
  console.log(process.exitCode ? 'containers failed' : 'containers passed');
}

await main();
// A step that was interrupted may still be waiting for something.
process.exit();
