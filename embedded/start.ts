/**
 * `npm start`: brings up Postgres, Redis and Centrifugo in whichever way this machine allows, then api, worker and
 * dashboard, and keeps them running until Ctrl-C.
 */
import { join } from 'node:path';

import { hashPassword } from '../dashboard/hash-password.ts';
import { buildWeb } from './build-web.ts';
import { choosePorts } from './choose-ports.ts';
import { curlThatSends } from './curl-line.ts';
import { doorEnvironment } from './door-environment.ts';
import { endOnSignals } from './end-on-signals.ts';
import { runAlone } from './one-at-a-time.ts';
import { pidFiles } from './pid-files.ts';
import { makeRovFolder, ROV, ROV_FILES } from './rov-folder.ts';
import { runningStack, STOP_ORDER } from './running-stack.ts';
import type { RunningStack } from './running-stack.ts';
import { readOrMakeSecrets } from './secrets.ts';
import { setByHand } from './set-by-hand.ts';
import { startDoors } from './start-doors.ts';
import { startServers } from './start-servers.ts';

const OPERATOR = 'operator';
const say = (line: string): void => console.log(`rov: ${line}`);

async function start(): Promise<void> {
  const byHand = setByHand(process.env);
  makeRovFolder();
  const hold = runAlone(ROV_FILES.claim);
  const pids = pidFiles(ROV_FILES.pids);
  const stack = runningStack({ pids, say });
  endOnSignals({ stack, say, atTheEnd: hold.release });
  try {
    await pids.stopOrphans([...STOP_ORDER], say);
    const appUrl = await bringUp(stack, byHand);
    hold.announce(appUrl);
  } catch (error) {
    // Ctrl-C while starting makes the rest of the start fail; the signal's handler sees to the end.
    if (stack.isOver()) return;
    await stack.stop();
    hold.release();
    throw error;
  }
}

async function bringUp(stack: RunningStack, byHand: Record<string, string>): Promise<string> {
  const secrets = readOrMakeSecrets(ROV_FILES.secrets);
  const ports = await choosePorts({ byHand, say });
  const appUrl = `http://localhost:${ports.app}`;
  const dashboardUrl = `http://localhost:${ports.dashboard}`;
  const allowedOrigins = originsFor(ports.app, byHand['ALLOWED_ORIGINS']);
  const [servers, operatorHash] = await Promise.all([
    startServers({ stack, secrets, ports, allowedOrigins, byHand, say }),
    hashPassword(secrets.operatorPassword),
    buildWeb(ROV_FILES.webBuild).then((outcome) => say(`web client: ${outcome}`)),
  ]);
  const environment = doorEnvironment({
    secrets,
    addresses: {
      databaseUrl: servers.postgres.url,
      redisUrl: servers.redis.url,
      centrifugoUrl: servers.centrifugo.url,
      appPort: ports.app,
      dashboardPort: ports.dashboard,
      workerPort: ports.worker,
    },
    allowedOrigins,
    operator: `${OPERATOR}:operator:${operatorHash}`,
    byHand,
  });
  await startDoors({ stack, environment, ports, say });
  showTheWay({
    appUrl,
    dashboardUrl,
    login: byHand['OPERATORS'] ? 'as in OPERATORS' : `${OPERATOR} / ${secrets.operatorPassword}`,
  });
  return appUrl;
}

function originsFor(appPort: number, byHand: string | undefined): string[] {
  if (byHand) return byHand.trim().split(/\s+/);
  const usual = ['http://localhost:3000', 'http://localhost:4000', 'http://localhost:5173'];
  return [...new Set([...usual, `http://localhost:${appPort}`, `http://127.0.0.1:${appPort}`])];
}

function showTheWay(to: { appUrl: string; dashboardUrl: string; login: string }): void {
  console.log(`
  App        ${to.appUrl}
  Dashboard  ${to.dashboardUrl}   login: ${to.login}
  Health     ${to.appUrl}/readyz
  Logs       ${join(ROV, 'logs')}

  Send a message from a shell:

${curlThatSends({ appUrl: to.appUrl, from: 'ann', to: 'ben' })}

  Ctrl-C stops everything, "npm run reset" empties it.
`);
}

try {
  await start();
} catch (error) {
  console.error(`rov: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
