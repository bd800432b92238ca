import type { Files } from './planted-tree.ts';

interface Violation {
  wall: string;
  /** What the violation is, as the end of a test's name. */
  what: string;
  /** The files that commit it, planted into the legal tree. */
  files: Files;
}

/** One import that no wall lets through, in a file of its own. */
const imports = (wall: string, path: string, name: string): Violation => ({
  wall,
  what: `${path} imports ${name}`,
  files: { [path]: `import '${name}';\n` },
});

/** At least one violation of every wall in .dependency-cruiser.mjs. */
export const VIOLATIONS: readonly Violation[] = [
  imports('doors-do-not-meet', 'api/a1.ts', '../worker/main.ts'),
  imports('doors-do-not-meet', 'dashboard/a2.ts', '../api/app.ts'),
  imports('doors-do-not-meet', 'web/a3.ts', '../api/app.ts'),
  {
    wall: 'doors-do-not-meet',
    what: 'worker/a4.ts imports a type from api/app.ts',
    files: { 'worker/a4.ts': "import type { App } from '../api/app.ts';\n" },
  },
  imports('core-knows-no-door', 'core/b1.ts', '../api/app.ts'),
  imports('core-knows-no-door', 'core/chat/b2.ts', '../../migrations/migrate.ts'),
  imports('doors-do-not-meet', 'dashboard/a5.ts', '../ops/run.ts'),
  imports('core-knows-no-door', 'core/b3.ts', '../ops/run.ts'),
  imports('ops-sees-only-core', 'ops/t1.ts', '../worker/main.ts'),
  imports('ops-sees-only-core', 'ops/t2.ts', '../migrations/migrate.ts'),
  imports('ops-sees-only-core', 'ops/t3.ts', '@rov/realtime/react'),
  {
    wall: 'ops-sees-only-core',
    what: 'ops.ts imports dashboard/main.ts',
    files: { 'ops.ts': "import './ops/run.ts';\nimport './dashboard/main.ts';\n" },
  },
  imports('web-sees-only-realtime', 'web/c1.ts', '../core/log.ts'),
  imports('web-sees-only-realtime', 'web/c2.ts', '@rov/realtime/server'),
  imports('web-sees-only-realtime', 'web/c3.ts', 'node:fs'),
  imports('express-only-at-http-doors', 'core/d1.ts', 'express'),
  imports('express-only-at-http-doors', 'worker/d2.ts', 'express'),
  imports('ephemeral-for-what-may-be-lost', 'api/u1.ts', './ephemeral.ts'),
  {
    wall: 'ephemeral-for-what-may-be-lost',
    what: 'api/u2.ts imports a type from it',
    files: { 'api/u2.ts': "import type { Ephemeral } from './ephemeral.ts';\n" },
  },
  imports('package-stands-alone', 'realtime/server/e1.ts', '../../core/log.ts'),
  imports('contract-is-a-leaf', 'realtime/contract/f1.ts', 'jose'),
  imports('contract-is-a-leaf', 'realtime/contract/f2.ts', '../server/index.ts'),
  imports('contract-is-a-leaf', 'realtime/contract/f3.ts', 'node:crypto'),
  imports('channels-import-nothing', 'realtime/contract/channels.ts', './primitives.ts'),
  imports('browser-half-sees-no-server', 'realtime/react/g1.ts', '../server/index.ts'),
  imports('browser-half-sees-no-server', 'realtime/client/g2.ts', 'node:crypto'),
  imports('core-sees-contract-and-server', 'core/h1.ts', '@rov/realtime/react'),
  imports('bullmq-only-in-queue-code', 'api/i1.ts', 'bullmq'),
  imports('bullmq-only-in-queue-code', 'core/outbox/i2.ts', 'bullmq'),
  imports('bull-board-only-in-dashboard', 'api/j1.ts', '@bull-board/express'),
  imports('ioredis-only-in-redis-code', 'api/k1.ts', 'ioredis'),
  imports('ioredis-only-in-redis-code', 'core/chat/k2.ts', 'ioredis'),
  imports('database-only-in-core', 'api/l1.ts', 'postgres'),
  imports('database-only-in-core', 'worker/l2.ts', 'drizzle-orm'),
  imports('outbox-knows-no-feature', 'core/outbox/m1.ts', '../chat/send-message.ts'),
  imports('production-knows-no-scaffolding', 'api/n1.ts', '../embedded/api.ts'),
  imports('production-knows-no-scaffolding', 'core/n2.ts', '../test/harness/servers.ts'),
  imports('production-knows-no-scaffolding', 'web/n3.ts', '../scripts/check.ts'),
  imports('no-dev-dependency-in-production', 'api/o1.ts', 'vitest'),
  imports('no-undeclared-package', 'api/p1.ts', 'undeclared'),
  imports('no-broken-import', 'api/q1.ts', './moved-away.ts'),
  {
    wall: 'no-circles',
    what: 'two modules of core import each other',
    files: { 'core/r1.ts': "import './r2.ts';\n", 'core/r2.ts': "import './r1.ts';\n" },
  },
  {
    wall: 'no-orphans',
    what: 'nobody imports core/s1.ts',
    files: { 'core/s1.ts': 'export {};\n' },
  },
];
