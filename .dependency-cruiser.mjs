/**
 * The walls of the house, executable. A rule's comment says what it means when it fires.
 *
 * Two walls live elsewhere because this tool sees modules and not names: who may create a client that publishes, and
 * who may read the environment (.oxlintrc.json), and who may spell a channel name (test/walls/channel-names.test.ts).
 */

/** Test files lie beside what they test and may reach for more than the code they test. */
const TESTS = '[.]test[.]tsx?$';
/** Product code besides the package, which is published without it. */
const FOLDERS = '^(api|core|dashboard|migrations|ops|web|worker)/|^ops[.]ts$';
const PRODUCT = `^realtime/|${FOLDERS}`;
/** Projects of their own, whose packages are installed in their own folders, by those who run them. */
const EXAMPLES = '^examples/';
const SCAFFOLDING = '^(bench|embedded|examples|scripts|test)/';

/** The folder of an npm package, wherever node_modules is; its types count as the package. */
const npm = (...names) => `node_modules/(@types/)?(${names.join('|')})/`;

const wall = (name, comment, { from, to }) => ({ name, comment, severity: 'error', from, to });

const doors = [
  wall(
    'doors-do-not-meet',
    'One door reached into another. Doors are separate processes that are deployed and scaled apart: what two of them need moves to core/.',
    {
      from: { path: '^(api|dashboard|web|worker)/' },
      to: { path: '^(api|dashboard|ops|web|worker)/|^ops[.]ts$', pathNot: '^$1/' },
    },
  ),
  wall(
    'core-knows-no-door',
    'core/ reached for something that stands on it. Hand the thing in as a parameter, or move the code into the door that needs it.',
    {
      from: { path: '^core/' },
      to: { path: '^(api|dashboard|migrations|ops|web|worker)/|^ops[.]ts$' },
    },
  ),
  wall(
    'ops-sees-only-core',
    "The operators' command line reached for something besides core/ and the package's contract and server. What it does the console does too: the function for it belongs into core/ops/.",
    {
      from: { path: '^ops([.]ts$|/)', pathNot: TESTS },
      to: { path: '^(api|dashboard|migrations|web|worker)/|^realtime/(client|react)/' },
    },
  ),
  wall(
    'web-sees-only-realtime',
    'Browser code reached past the public package: server code, a Node module or @rov/realtime/server would end up in the bundle.',
    {
      from: { path: '^web/', pathNot: [TESTS, '^web/vite[.]config[.]ts$'] },
      to: {
        pathNot: [
          '^web/',
          '^realtime/(client|contract|react)/',
          'node_modules/',
          '^(api|dashboard|worker)/',
          SCAFFOLDING,
        ],
        couldNotResolve: false,
      },
    },
  ),
  wall(
    'express-only-at-http-doors',
    'Something that is no HTTP door imported express. Core functions take plain values; the worker answers its health check with node:http.',
    {
      from: { pathNot: ['^(api|dashboard|embedded)/', '^(bench|examples|test)/'] },
      to: { path: npm('express', 'pino-http', 'express-serve-static-core') },
    },
  ),
];

const events = [
  wall(
    'ephemeral-for-what-may-be-lost',
    'Something besides typing and viewing reached for api/ephemeral.ts, which publishes without an outbox row: what it tells is lost whenever Centrifugo is away. Write a durable event in the transaction of its change, and the worker delivers it.',
    {
      from: {
        path: PRODUCT,
        pathNot: [TESTS, '^api/(app|ephemeral|metrics|start|typing)[.]ts$'],
      },
      to: { path: '^api/ephemeral[.]ts$' },
    },
  ),
];

const realtimePackage = [
  wall(
    'package-stands-alone',
    'The published package imported a file of this repository that its users will not have.',
    {
      from: { path: '^realtime/', pathNot: TESTS },
      to: { path: FOLDERS },
    },
  ),
  wall(
    'contract-is-a-leaf',
    'The contract imported something besides zod. Browsers, servers and tests all load it, so whatever it imports, all of them import.',
    {
      from: { path: '^realtime/contract/', pathNot: [TESTS, '^realtime/contract/channels[.]ts$'] },
      to: { pathNot: ['^realtime/contract/', npm('zod')] },
    },
  ),
  wall(
    'channels-import-nothing',
    'channels.ts imported something. It is the part of the contract that costs a browser bundle nothing, not even zod.',
    { from: { path: '^realtime/contract/channels[.]ts$' }, to: { path: '.' } },
  ),
  wall(
    'browser-half-sees-no-server',
    "The package's browser half (client, react) imported its server half or a module of Node: bundlers of its users will choke or ship secrets.",
    {
      from: { path: '^realtime/(client|react)/', pathNot: TESTS },
      to: {
        pathNot: ['^realtime/(client|contract|react)/', 'node_modules/', FOLDERS, SCAFFOLDING],
        couldNotResolve: false,
      },
    },
  ),
  wall(
    'core-sees-contract-and-server',
    "core/ imported the package's browser half, which holds sockets and React state and has no business on a server.",
    {
      from: { path: '^core/', pathNot: TESTS },
      to: { path: '^realtime/', pathNot: '^realtime/(contract|server)/' },
    },
  ),
];

const libraries = [
  wall(
    'bullmq-only-in-queue-code',
    'BullMQ appeared outside worker/, dashboard/ and core/queue/. The rest of the code rings the doorbell that core/queue hands out.',
    {
      from: { pathNot: ['^(dashboard|worker|core/queue)/', '^(bench|examples|test)/'] },
      to: { path: npm('bullmq') },
    },
  ),
  wall(
    'bull-board-only-in-dashboard',
    'Bull Board has no login of its own: only dashboard/, which puts one in front of it, may mount it.',
    { from: { pathNot: ['^dashboard/', '^test/'] }, to: { path: npm('@bull-board') } },
  ),
  wall(
    'ioredis-only-in-redis-code',
    'A Redis client appeared outside core/redis, core/queue and core/limits. Redis is a cache of doorbells: other code must work without it.',
    {
      from: { pathNot: ['^core/(limits|queue|redis)/', '^(bench|examples|test)/'] },
      to: { path: npm('ioredis') },
    },
  ),
  wall(
    'database-only-in-core',
    'SQL left core/. A door that talks to Postgres itself can write without an outbox row: give core/ a function for it.',
    {
      from: {
        pathNot: [
          '^(core|embedded|migrations)/',
          '^(bench|examples|test)/',
          '^drizzle[.]config[.]ts$',
        ],
      },
      to: { path: npm('drizzle-orm', 'postgres') },
    },
  ),
];

const core = [
  wall(
    'outbox-knows-no-feature',
    'The outbox learned of a feature. It delivers rows in order and understands none of them: whatever is special about a feature is written into the row.',
    {
      from: { path: '^core/outbox/', pathNot: TESTS },
      to: { path: '^core/(chat|people|presence)/' },
    },
  ),
];

const everywhere = [
  wall(
    'production-knows-no-scaffolding',
    'Production code imported embedded/, test/ or another folder that the production image does not contain: it would not start there.',
    { from: { path: PRODUCT, pathNot: TESTS }, to: { path: SCAFFOLDING } },
  ),
  wall(
    'no-dev-dependency-in-production',
    'Server code imported a development dependency, which the production image is installed without. (web/ is built beforehand, so React may be one.)',
    {
      from: { path: PRODUCT, pathNot: [TESTS, '^web/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'type-only'] },
    },
  ),
  wall(
    'no-undeclared-package',
    'A package is imported that the nearest package.json does not name: it is here by chance and may be gone after the next install.',
    {
      from: { pathNot: EXAMPLES },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ),
  wall(
    'no-broken-import',
    'An import leads nowhere: a file was moved, or a package is not installed.',
    {
      from: { pathNot: EXAMPLES },
      to: { couldNotResolve: true },
    },
  ),
  wall(
    'no-circles',
    'Modules import each other in a circle: none can be read, tested or loaded alone. Move what they share below both.',
    { from: {}, to: { circular: true } },
  ),
  wall(
    'no-orphans',
    'A module imports nothing and nobody imports it: it is dead, or its importer was lost.',
    {
      from: {
        orphan: true,
        // What a page loads, and what a container's health check starts, is imported by nobody.
        pathNot: [
          TESTS,
          '[.]d[.]ts$',
          '[.]config[.]ts$',
          '(^|/)[.][^/]+$',
          '^api/docs/',
          EXAMPLES,
          '^core/probe[.]ts$',
        ],
      },
      to: {},
    },
  ),
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...doors, ...events, ...realtimePackage, ...libraries, ...core, ...everywhere],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)([.]git|[.]next|[.]rov|coverage|dist)(/|$)' },
    // A type that crosses a wall is a dependency too.
    tsPreCompilationDeps: true,
    moduleSystems: ['es6'],
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js', '.json'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
