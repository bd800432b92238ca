import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

import { QUICK_NODE } from './embedded/quick-node.ts';
import { CHROMIUM_ARGS, findChromium } from './test/chromium.ts';
import { serveSnippets } from './test/documents/serve-snippets.ts';

const chromium = findChromium();
/** Polls for what comes in its own time. Where the time itself is the matter, a test says how long. */
const patient = { expect: { poll: { timeout: 5_000 } } };
const inNode = { ...patient, execArgv: QUICK_NODE.args };
/** On real servers: what a file does stays in them, so that files may follow each other in one process, which is warm. */
const onServers = { ...inNode, isolate: false };
const globalSetup = ['./test/harness/global-setup.ts'];

/** On real Postgres, Redis and Centrifugo; one global set-up finds or starts them. */
const integration = {
  test: {
    name: 'integration',
    ...onServers,
    include: ['test/integration/**/*.test.ts', 'test/reliability/**/*.test.ts'],
    globalSetup,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
};

/**
 * Centrifugo as we depend on it, asserted of the one that the set-up found. Its tests wait for servers of their own
 * most of the time, so those of a file run side by side.
 */
const conformance = {
  test: {
    name: 'conformance',
    ...onServers,
    include: ['test/conformance/*.test.ts'],
    globalSetup,
    testTimeout: 40_000,
    hookTimeout: 60_000,
    sequence: { concurrent: true },
    maxConcurrency: 8,
  },
};

/** The same, with the waits that cannot be shortened: no part of `npm test`. */
const conformanceSlow = {
  test: {
    ...conformance.test,
    name: 'conformance-slow',
    include: ['test/conformance/slow/*.test.ts'],
    testTimeout: 400_000,
    maxConcurrency: 20,
  },
};
// A server given by URL is not the suite's to configure, to kill and to start again.
const conformanceProjects = process.env['TEST_CENTRIFUGO_URL']
  ? []
  : [conformance, ...(process.env['CONFORMANCE_SLOW'] ? [conformanceSlow] : [])];

/** Node drives Chromium through Playwright against the whole stack. */
const journey = {
  test: {
    name: 'journey',
    ...onServers,
    include: ['test/journeys/**/*.test.ts'],
    globalSetup,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
};

/** Pictures of every view for the documents: taken on demand, and no part of `npm test`. */
const pictures = {
  test: { ...journey.test, name: 'pictures', include: ['test/pictures/**/*.test.ts'] },
};

/** Runs inside Chromium. */
const inChromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: { ...(chromium && { executablePath: chromium }), args: CHROMIUM_ARGS },
  }),
  instances: [{ browser: 'chromium' as const }],
});

/** Found only while a test runs, these would be bundled a second time, with a second vitest inside. */
const found = [
  ...['react', 'react-dom/client', 'react-dom/server', 'react/jsx-dev-runtime'],
  ...['vitest-browser-react', 'vitest-browser-react/pure', '@tanstack/react-query'],
];

/** Components. */
const web = {
  plugins: [react(), tailwind(), serveSnippets(import.meta.dirname)],
  optimizeDeps: { include: [...found, 'react-dom', 'linkify-react'] },
  test: {
    name: 'web',
    ...patient,
    include: ['web/**/*.test.tsx', 'test/browser/**/*.test.ts'],
    env: { REACT: '19' },
    browser: inChromium(),
  },
};

/** The hooks once more, on the oldest React that they are for. */
const react18 = {
  plugins: [react(), serveSnippets(import.meta.dirname)],
  resolve: { alias: { react: 'react-18', 'react-dom': 'react-dom-18' } },
  optimizeDeps: { include: found },
  test: {
    name: 'react-18',
    ...patient,
    include: ['test/browser/**/*.test.ts'],
    env: { REACT: '18' },
    browser: inChromium(),
  },
};

export default defineConfig({
  test: {
    // Browser mode serves the tests from here; without it no port is opened.
    ...(chromium && { api: { host: '127.0.0.1' } }),
    // Most files wait for servers most of the time; one worker per core leaves no core idle.
    maxWorkers: 2,
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          ...inNode,
          include: [
            '{api,bench,core,dashboard,embedded,migrations,ops,realtime,scripts,web,worker}/**/*.test.ts',
            'test/*.test.ts',
            'test/{chaos,chat-client,documents,harness,model,walls}/**/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      integration,
      ...conformanceProjects,
      // Without a Chromium neither can run; scripts/test.ts says so and counts them as skipped.
      ...(chromium ? [web, react18, journey, ...(process.env['PICTURES'] ? [pictures] : [])] : []),
    ],
  },
});
