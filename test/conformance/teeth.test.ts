/**
 * Whether the suite can see: its checks are applied to servers that are wrong on purpose, by their configuration or
 * by a front that spoils what passes through, and every one of them must fail.
 */
import { chatChannel } from '@rov/realtime';
import { describe, expect, test } from 'vitest';

import type { TestCentrifugo } from '../harness/centrifugo.ts';
import { startFaultyCentrifugo } from '../harness/faulty-centrifugo.ts';
import type { Fault } from '../harness/faulty-centrifugo.ts';
import * as checks from './checks.ts';
import { labForFile, newConversation } from './lab.ts';
import { ourNamespace, ours } from './our-configuration.ts';
import type { Namespace } from './our-configuration.ts';

const lab = labForFile();
const HISTORY_SIZE = Number(ourNamespace('conversation')['history_size']);
const LIMIT = Number(ours.client['recovery_max_publication_limit']);
const object = { name: 'object', publication_data_format: 'json_object' };
const conversation = (options: object): Namespace[] => [
  { name: 'conversation', ...options },
  object,
];

type Check = (node: TestCentrifugo, api: { url: string; apiKey: string }) => Promise<void>;
const CHECKS = {
  batch: (_, api) => checks.batchKeepsPlacesAroundFaults(api),
  versions: (node, api) => checks.staleVersionsAreSuppressed(lab, { a: api, b: node }),
  keys: (node, api) => checks.repeatedKeysAreSuppressed(lab, { a: api, b: node }),
  recovery: (node) => checks.asManyAsMissedAreRecovered(lab, { a: node, b: node }, LIMIT),
  listening: (node) => checks.subscribersMayOnlyListen(lab, node, newConversation()),
  presence: (node) => checks.subscribersMayOnlyListen(lab, node, chatChannel('ann')),
  history: (node) => checks.historyKeeps(node, HISTORY_SIZE),
  origins: (node) => checks.foreignOriginsAreRefused(node),
  expiry: (node) =>
    // Of one second nothing is left where the next one begins.
    checks.unrefreshedSubscriptionEnds(lab, node, { livesSeconds: 2, withinMs: 4_000 }),
} satisfies Record<string, Check>;
const names = Object.keys(CHECKS) as (keyof typeof CHECKS)[];

const QUICK = {
  CENTRIFUGO_CLIENT_PRESENCE_UPDATE_INTERVAL: '500ms',
  CENTRIFUGO_CLIENT_EXPIRED_SUB_CLOSE_DELAY: '1s',
};

test.for(names)('the check of %s passes where all is well', async (name) => {
  const node = await lab.node({ namespaces: [object], settings: QUICK });
  await CHECKS[name](node, node);
});

describe('a wrong configuration', () => {
  test.for<[string, keyof typeof CHECKS, Parameters<typeof lab.node>[0] & object]>([
    ['faults that are none', 'batch', {}],
    [
      'no history',
      'versions',
      { namespaces: conversation({ history_size: 0, history_ttl: '0s', force_recovery: false }) },
    ],
    [
      'a history that is too short',
      'recovery',
      { namespaces: conversation({ history_size: LIMIT - 1 }) },
    ],
    [
      'a lower limit',
      'recovery',
      { settings: { CENTRIFUGO_CLIENT_RECOVERY_MAX_PUBLICATION_LIMIT: String(LIMIT - 1) } },
    ],
    [
      'clients that may publish',
      'listening',
      { namespaces: conversation({ allow_publish_for_client: true }) },
    ],
    [
      'subscribers that may publish',
      'listening',
      { namespaces: conversation({ allow_publish_for_subscriber: true }) },
    ],
    [
      'subscribers that may read history',
      'listening',
      { namespaces: conversation({ allow_history_for_subscriber: true }) },
    ],
    [
      'clients that need no token',
      'listening',
      { namespaces: conversation({ allow_subscribe_for_client: true }) },
    ],
    [
      'subscribers that may see presence',
      'presence',
      { namespaces: [{ name: 'chat', allow_presence_for_subscriber: true }] },
    ],
    [
      'a longer history',
      'history',
      { namespaces: conversation({ history_size: HISTORY_SIZE + 1 }) },
    ],
    ['any origin', 'origins', { allowedOrigins: ['*'] }],
    [
      'a long grace',
      'expiry',
      { settings: { ...QUICK, CENTRIFUGO_CLIENT_EXPIRED_SUB_CLOSE_DELAY: '60s' } },
    ],
  ])('%s is found by the check of %s', async ([, name, wrong]) => {
    const node = await lab.node(wrong);
    await expect(CHECKS[name](node, node)).rejects.toThrow(/expected|gave up/);
  });
});

describe('a front that', () => {
  const changing =
    (change: (publish: Record<string, unknown>) => object): Fault =>
    async ({ commands, forward }) => ({
      replies: await forward(
        commands.map((command) =>
          command?.['publish'] ? { publish: { ...change(command['publish']) } } : command,
        ),
      ),
    });
  test.for<[string, keyof typeof CHECKS, Fault]>([
    ['drops versions', 'versions', changing((publish) => ({ ...publish, version: undefined }))],
    ['drops keys', 'keys', changing((publish) => ({ ...publish, idempotency_key: undefined }))],
    [
      'swaps two replies',
      'batch',
      async ({ forward }) => {
        const [first, second, ...rest] = await forward();
        return { replies: [second, first, ...rest] };
      },
    ],
    [
      'stops at a bad command',
      'batch',
      async ({ commands, forward }) => ({ replies: await forward(commands.slice(0, 2)) }),
    ],
    [
      'runs a batch backwards',
      'batch',
      async ({ commands, forward }) => ({
        replies: (await forward(commands.toReversed())).toReversed(),
      }),
    ],
  ])('%s is found by the check of %s', async ([, name, fault], { onTestFinished }) => {
    const node = await lab.node({ namespaces: [object] });
    const front = await startFaultyCentrifugo(node);
    onTestFinished(() => front.close());
    // Every batch meets the fault, however many the check sends.
    for (let batch = 0; batch < 10; batch += 1) front.next(fault);
    const spoiled = { url: front.url, apiKey: node.apiKey };
    await expect(CHECKS[name](node, spoiled)).rejects.toThrow(/expected|gave up/);
  });
});
