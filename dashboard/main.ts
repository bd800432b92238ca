import { openSql } from '../core/db/open-sql.ts';
import { run, within } from '../core/lifecycle.ts';
import { listen } from '../core/listen.ts';
import { createLog } from '../core/log.ts';
import { deliveryHealth } from '../core/outbox/health.ts';
import { openDrainQueue } from '../core/queue/drain-queue.ts';
import { connectImpatiently } from '../core/redis/connect-redis.ts';
import { createDashboard } from './app.ts';
import { readConfig } from './config.ts';
import { createLoginLimit } from './login-limit.ts';
import { createSessions } from './session.ts';

await run(async () => {
  const config = readConfig();
  const log = createLog({ door: 'dashboard', level: config.LOG_LEVEL });
  const database = openSql({
    url: config.DATABASE_URL,
    applicationName: 'rov-dashboard',
    maxConnections: 4,
    statementTimeoutMs: 2_000,
  });
  const redis = connectImpatiently(config.REDIS_URL, (err) =>
    log.warn({ event: 'redis.unreachable', err }, 'redis is away'),
  );
  const queue = openDrainQueue({ connection: redis, prefix: config.QUEUE_PREFIX });
  let draining = false;
  const app = createDashboard({
    operators: config.OPERATORS,
    sessions: createSessions({
      operators: config.OPERATORS,
      secret: config.DASHBOARD_SESSION_SECRET,
    }),
    limit: createLoginLimit(),
    trustedProxies: config.TRUSTED_PROXIES,
    queue,
    readHealth: () => deliveryHealth(database.sql),
    isReady: async () => !draining && (await within(database.sql`SELECT 1`, 1_500)) === 'done',
    log,
  });
  const server = await listen(app, { host: config.HOST, port: config.DASHBOARD_PORT });
  log.info({ event: 'dashboard.listening', port: server.port }, 'dashboard listening');
  const stop = async () => {
    draining = true;
    await server.close();
  };
  return {
    log,
    stops: [
      { name: 'http', stop },
      { name: 'queue', stop: () => queue.close() },
      { name: 'redis', stop: async () => redis.disconnect() },
      { name: 'postgres', stop: () => database.close(1_000) },
    ],
  };
});
