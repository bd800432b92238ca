import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { beforeAll, describe, expect, test } from 'vitest';

import { freePort } from '../../embedded/ports.ts';
import type { TestCentrifugo } from '../harness/centrifugo.ts';
import { foreignOriginsAreRefused, historyKeeps, upgrade } from './checks.ts';
import { labForFile } from './lab.ts';
import { namespaces, ours } from './our-configuration.ts';
import { call, send } from './server-api.ts';
import { sign } from './tokens.ts';

const lab = labForFile();

describe('T42 the environment overrides the file', () => {
  test('T42 an option of one namespace', async () => {
    const settings = { CENTRIFUGO_CHANNEL_NAMESPACES_CONVERSATION_HISTORY_SIZE: '3' };
    await historyKeeps(await lab.node({ settings }), 3);
  });

  test('T42 the namespaces as a whole, in JSON: laid over those of the file, place by place', async () => {
    const [first] = ours.channel.namespaces;
    const settings = {
      CENTRIFUGO_CHANNEL_NAMESPACES: '[{"name":"renamed","channel_regex":"^x$"},{"name":"second"}]',
    };
    const node = await lab.node({ settings });
    const publishTo = (channel: string) => call(node, 'publish', { channel, data: 1 });
    expect(await publishTo('chat:x')).toMatchObject({ error: { code: 102 } });
    expect(await publishTo('renamed:x')).toHaveProperty('result');
    // What the variable does not name is what the file says at the same place, whatever the name there.
    expect(first).toMatchObject({ name: 'conversation', history_size: expect.any(Number) });
    expect(await call(node, 'history', { channel: 'renamed:x', limit: -1 })).toMatchObject({
      result: { offset: 1, publications: [{ data: 1 }] },
    });
  });

  test('T42 the port, the key and the secret', async () => {
    const [one, two] = await Promise.all([lab.node(), lab.node()]);
    const listing = { channel: 'chat:x', limit: 0 };
    expect(await call(one, 'history', listing)).toHaveProperty('result');
    const withOtherKey = { url: one.url, apiKey: two.apiKey };
    expect(await send(withOtherKey, '/api/history', { body: '{}' })).toMatchObject({ status: 401 });
    const wire = await lab.wire(one);
    const token = await sign(two.hmacSecret, { sub: 'ann' });
    expect(await wire.codeOf({ connect: { token } })).toBe(3500);
  });

  test('T42 a setting of a client', async () => {
    const node = await lab.node({ settings: { CENTRIFUGO_CLIENT_PING_INTERVAL: '10s' } });
    const wire = await lab.wire(node);
    const { connect } = await wire.call({
      connect: { token: await sign(node.hmacSecret, { sub: 'ann' }) },
    });
    expect(connect).toMatchObject({ ping: 10, pong: true });
  });
});

describe('T43 with an internal port', () => {
  let internal: TestCentrifugo;
  let open: { url: string; wsUrl: string; apiKey: string };
  beforeAll(async () => {
    const [openPort, port] = [await freePort(), await freePort()];
    internal = await lab.node({
      port,
      settings: {
        CENTRIFUGO_HTTP_SERVER_PORT: String(openPort),
        CENTRIFUGO_HTTP_SERVER_INTERNAL_PORT: String(port),
      },
    });
    const host = `127.0.0.1:${openPort}`;
    open = {
      url: `http://${host}`,
      wsUrl: `ws://${host}/connection/websocket`,
      apiKey: internal.apiKey,
    };
  });

  test.for(['/api/info', '/api/publish', '/health', '/metrics'])(
    'T43 %s is not to be had from the port that clients reach',
    async (path) => {
      const method = path.startsWith('/api') ? 'POST' : 'GET';
      expect(await send(open, path, { method })).toMatchObject({ status: 404 });
      expect(
        (await send(internal, path, { method, ...(method === 'POST' && { body: '{}' }) })).status,
      ).toBe(200);
    },
  );

  test('T43 clients connect to the open port, and to no other', async () => {
    expect(await upgrade(open.wsUrl)).toBe(101);
    expect(await upgrade(internal.wsUrl)).toBe(404);
  });
});

describe('T44 origins', () => {
  const OURS = 'https://chat.example';
  let node: TestCentrifugo;
  let wild: TestCentrifugo;
  let closed: TestCentrifugo;
  beforeAll(async () => {
    [node, wild, closed] = await Promise.all([
      lab.node({ allowedOrigins: [OURS, 'http://localhost:5173'] }),
      lab.node({ allowedOrigins: ['https://*.chat.example'] }),
      lab.node(),
    ]);
  });

  test.for<[string, string | undefined, number]>([
    ['none, as from a program', undefined, 101],
    ['ours', OURS, 101],
    ['ours, the second', 'http://localhost:5173', 101],
    ['ours in capitals', OURS.toUpperCase(), 101],
    ['another scheme', 'http://chat.example', 403],
    ['another port', `${OURS}:444`, 403],
    ['another host', 'https://evil.example', 403],
    ['a longer host', `${OURS}.evil.example`, 403],
    ['null', 'null', 403],
  ])('T44 %s', async ([, origin, status]) => {
    expect(await upgrade(node.wsUrl, origin)).toBe(status);
  });

  test('T44 a pattern matches what is below a host and not the host itself', async () => {
    expect(await upgrade(wild.wsUrl, 'https://a.chat.example')).toBe(101);
    expect(await upgrade(wild.wsUrl, OURS)).toBe(403);
  });

  test('T44 our file alone lets no browser in: origins are given where it is deployed', async () => {
    expect(ours.client['allowed_origins']).toEqual([]);
    await foreignOriginsAreRefused(closed);
    expect(await upgrade(closed.wsUrl)).toBe(101);
  });
});

describe('T45 a faulty configuration ends it with exit code 1', () => {
  const space = (name: string, options: object = {}): Record<string, string> =>
    namespaces({ name, ...options });
  test.for<[string, Record<string, string>]>([
    ['pings not longer apart than the wait for a pong', { CENTRIFUGO_CLIENT_PING_INTERVAL: '8s' }],
    ['recovery without history', space('broken', { force_recovery: true })],
    ['history without a lifetime', space('broken', { history_size: 5 })],
    [
      'history that outlives its metadata',
      space('broken', { history_size: 5, history_ttl: '2h', history_meta_ttl: '1h' }),
    ],
    ['a namespace named with a space', space('a b')],
    ['a namespace of one letter', space('a')],
    ['a namespace twice', { CENTRIFUGO_CHANNEL_NAMESPACES: '[{"name":"twice"},{"name":"twice"}]' }],
    ['an expression that is none', space('broken', { channel_regex: '(' })],
    ['a duration that is none', { CENTRIFUGO_CLIENT_PING_INTERVAL: 'soon' }],
    ['an unknown engine', { CENTRIFUGO_ENGINE_TYPE: 'nonsense' }],
    ['an unknown error mode', { CENTRIFUGO_HTTP_API_ERROR_MODE: 'nonsense' }],
    ['an unknown data format', space('broken', { publication_data_format: 'nonsense' })],
    ['namespaces that are no JSON', { CENTRIFUGO_CHANNEL_NAMESPACES: '[{' }],
  ])('T45 %s', async ([, settings]) => {
    await expect(lab.node({ settings })).rejects.toThrow(/ended at once \(exit code 1\)/);
  });

  test('T45 a port that is taken', async ({ onTestFinished }) => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    // Where it is in a container, whoever publishes its port stumbles before it.
    await expect(lab.node({ port })).rejects.toThrow(
      /ended at once \(exit code 1\)|address already in use/,
    );
  });
});
