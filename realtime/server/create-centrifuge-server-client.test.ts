import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, test, onTestFinished, vi } from 'vitest';

import {
  CentrifugoCommandError,
  CentrifugoTransportError,
  createCentrifugeServerClient,
  InvalidCommandError,
  rawJson,
} from './index.ts';
import type { CentrifugeServerClientOptions, Command } from './index.ts';

interface Seen {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A server on a free port that answers as `respond` says, and a client for it. */
async function centrifugo(
  respond: (response: ServerResponse, seen: Seen, count: number) => void,
  options: Partial<CentrifugeServerClientOptions> = {},
) {
  const seen: Seen[] = [];
  const sockets = new Set<unknown>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const call = { path: `${request.method} ${request.url}`, headers: request.headers, body };
      seen.push(call);
      respond(response, call, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => stop(server));
  const client = createCentrifugeServerClient({
    url: url(server),
    apiKey: 'key',
    timeoutMs: 2_000,
    ...options,
  });
  cleanups.push(() => client.close());
  return { client, seen, sockets, server };
}

function url(server: { address(): unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function json(value: unknown) {
  return (response: ServerResponse) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
}

function answer(status: number, body = '') {
  return (response: ServerResponse) => {
    response.statusCode = status;
    response.end(body);
  };
}

async function faultOf(call: Promise<unknown>): Promise<CentrifugoTransportError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CentrifugoTransportError);
  return error as CentrifugoTransportError;
}

describe('what is sent', () => {
  test('a publication goes to /api/publish with the key in X-API-Key and Centrifugo’s field names', async () => {
    const { client, seen } = await centrifugo(json({ result: { offset: 4, epoch: 'e' } }));
    const result = await client.publish({
      channel: 'conversation:1',
      data: { text: 'a "quoted" line\nand é' },
      idempotencyKey: 'k',
      version: Number.MAX_SAFE_INTEGER,
      versionEpoch: 'v',
      tags: { 'a"b': 'c' },
      skipHistory: true,
    });
    expect(result).toEqual({ offset: 4, epoch: 'e' });
    expect(seen[0]?.path).toBe('POST /api/publish');
    expect(seen[0]?.headers['x-api-key']).toBe('key');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      channel: 'conversation:1',
      data: { text: 'a "quoted" line\nand é' },
      idempotency_key: 'k',
      version: 9007199254740991,
      version_epoch: 'v',
      tags: { 'a"b': 'c' },
      skip_history: true,
    });
  });

  test('an address that ends in /api or a slash is the same address', async () => {
    const { seen, server } = await centrifugo(json({ result: {} }));
    for (const suffix of ['/', '/api', '/api/']) {
      const client = createCentrifugeServerClient({ url: url(server) + suffix, apiKey: 'key' });
      await client.publish({ channel: 'c', data: 1 });
      await client.close();
    }
    expect(seen.map((call) => call.path)).toEqual(Array(3).fill('POST /api/publish'));
  });

  test('serialised JSON is copied to the byte and never parsed', async () => {
    const { client, seen } = await centrifugo(json({ replies: [{ publish: {} }] }));
    const text = '{"id": 12345678901234567890,  "same":1,"same":2}';
    await client.batch([{ method: 'publish', channel: 'c', data: rawJson(text) }]);
    expect(seen[0]?.body).toBe(`{"commands":[{"publish":{"channel":"c","data":${text}}}]}`);
  });

  test('a channel name cannot forge a command', async () => {
    const { client, seen } = await centrifugo(json({ replies: [{ publish: {} }] }));
    const channel = 'x","data":1}},{"disconnect":{"user":"ann"}},{"publish":{"channel":"y';
    await client.batch([{ method: 'publish', channel, data: null }]);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      commands: [{ publish: { channel, data: null } }],
    });
  });

  test('every method has its place in a batch, in order and never parallel', async () => {
    const replies = [
      { publish: { offset: 1, epoch: 'e' } },
      {
        broadcast: {
          responses: [
            { result: { offset: 2, epoch: 'e' } },
            { error: { code: 102, message: 'unknown channel' } },
          ],
        },
      },
      { unsubscribe: {} },
      { disconnect: {} },
      { presence_stats: { num_clients: 1 } },
      { history: { publications: [{ data: { a: 1 }, offset: 9 }], offset: 9, epoch: 'e' } },
      { history_remove: {} },
    ];
    const { client, seen } = await centrifugo(json({ replies }));
    const outcomes = await client.batch([
      { method: 'publish', channel: 'a', data: 0 },
      { method: 'broadcast', channels: ['a', 'b'], data: '' },
      { method: 'unsubscribe', user: 'u', channel: 'a', client: 'c' },
      { method: 'disconnect', user: 'u', whitelist: ['w'], code: 4501, reason: 'signed out' },
      { method: 'presenceStats', channel: 'a' },
      {
        method: 'history',
        channel: 'a',
        limit: -1,
        since: { offset: 3, epoch: 'e' },
        reverse: true,
      },
      { method: 'historyRemove', channel: 'a' },
    ]);
    expect(seen[0]?.path).toBe('POST /api/batch');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      commands: [
        { publish: { channel: 'a', data: 0 } },
        { broadcast: { channels: ['a', 'b'], data: '' } },
        { unsubscribe: { user: 'u', channel: 'a', client: 'c' } },
        {
          disconnect: {
            user: 'u',
            whitelist: ['w'],
            disconnect: { code: 4501, reason: 'signed out' },
          },
        },
        { presence_stats: { channel: 'a' } },
        { history: { channel: 'a', limit: -1, since: { offset: 3, epoch: 'e' }, reverse: true } },
        { history_remove: { channel: 'a' } },
      ],
    });
    expect(outcomes.map((outcome) => outcome.ok)).toEqual(Array(7).fill(true));
    const [, broadcast, , , stats, history] = outcomes;
    if (!broadcast.ok || !stats.ok || !history.ok) throw new Error('checked above');
    expect(
      broadcast.result.responses.map((one) => (one.ok ? one.result.offset : one.error.code)),
    ).toEqual([2, 102]);
    expect(stats.result).toEqual({ numClients: 1, numUsers: 0 });
    expect(history.result).toEqual({
      publications: [{ data: { a: 1 }, offset: 9 }],
      offset: 9,
      epoch: 'e',
    });
  });

  test.each([undefined, ''])(
    'a code to disconnect with never goes without a reason (%j)',
    async (reason) => {
      const { client, seen } = await centrifugo(json({ result: {} }));
      await client.disconnect({ user: 'u', code: 4501, reason });
      expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
        user: 'u',
        disconnect: { code: 4501, reason: expect.stringMatching(/./) },
      });
    },
  );

  test('an empty batch sends nothing', async () => {
    const { client, seen } = await centrifugo(json({}));
    expect(await client.batch([])).toEqual([]);
    expect(seen).toHaveLength(0);
  });
});

describe('commands that would spoil their batch', () => {
  const bad: [string, object][] = [
    ['version', { version: '5' }],
    ['version', { version: 2 ** 53 }],
    ['version', { version: -1 }],
    ['version', { version: 1.5 }],
    ['version', { version: 5n }],
    ['channel', { channel: undefined }],
    ['data', { data: undefined }],
    ['tags.a', { tags: { a: 1 } }],
    ['idempotency_key', { idempotencyKey: 7 }],
    ['method', { method: 'map_publish' }],
  ];
  test.each(bad)(
    'a wrong %s is a RangeError that names the command, and nothing is sent (%o)',
    async (field, change) => {
      const { client, seen } = await centrifugo(json({}));
      const good = { method: 'publish', channel: 'c', data: 1 };
      const call = client.batch([good, good, { ...good, ...change }] as Command[]);
      await expect(call).rejects.toBeInstanceOf(RangeError);
      await expect(call).rejects.toBeInstanceOf(InvalidCommandError);
      await expect(call).rejects.toMatchObject({
        index: 2,
        field,
        message: expect.stringContaining('commands[2]'),
      });
      expect(seen).toHaveLength(0);
    },
  );
});

describe('errors of single commands', () => {
  test('in a batch they lie at the command’s place and stop nobody', async () => {
    const { client } = await centrifugo(
      json({
        replies: [
          { error: { code: 107, message: 'bad request' } },
          { publish: { offset: 1, epoch: 'e' } },
        ],
      }),
    );
    const [first, second] = await client.batch([
      { method: 'publish', channel: '', data: 1 },
      { method: 'publish', channel: 'c', data: 1 },
    ]);
    expect(first).toMatchObject({ ok: false, error: { code: 107, message: 'bad request' } });
    expect(!first.ok && first.error).toBeInstanceOf(CentrifugoCommandError);
    expect(second).toEqual({ ok: true, method: 'publish', result: { offset: 1, epoch: 'e' } });
  });

  test('of a single call they are thrown', async () => {
    const { client } = await centrifugo(json({ error: { code: 102, message: 'unknown channel' } }));
    const call = client.publish({ channel: 'nowhere:1', data: 1 });
    await expect(call).rejects.toBeInstanceOf(CentrifugoCommandError);
    await expect(call).rejects.toMatchObject({ code: 102, message: 'unknown channel' });
  });
});

describe('faults of the transport', () => {
  const publish = { channel: 'c', data: { secret: 'text' } };
  const statuses: [number, string][] = [
    [500, 'unavailable'],
    [503, 'unavailable'],
    [429, 'unavailable'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'not_found'],
    [400, 'bad_request'],
    [405, 'bad_request'],
    [204, 'ambiguous'],
    [302, 'ambiguous'],
  ];
  test.each(statuses)(
    '%i is %s, sent, with the first 200 characters of the body',
    async (status, code) => {
      const { client } = await centrifugo(answer(status, status === 204 ? '' : 'x'.repeat(500)));
      const fault = await faultOf(client.publish(publish));
      expect(fault).toMatchObject({
        code,
        status,
        sent: true,
        body: status === 204 ? '' : 'x'.repeat(200),
      });
    },
  );

  test('a refused connection is unreachable and not sent', async () => {
    const { client, server } = await centrifugo(json({}));
    await stop(server);
    expect(await faultOf(client.publish(publish))).toMatchObject({
      code: 'unreachable',
      sent: false,
      cause: { code: 'ECONNREFUSED' },
    });
  });

  test('a name that does not resolve is unreachable and not sent', async () => {
    const client = createCentrifugeServerClient({
      url: 'http://centrifugo.invalid',
      apiKey: 'key',
    });
    cleanups.push(() => client.close());
    expect(await faultOf(client.publish(publish))).toMatchObject({
      code: 'unreachable',
      sent: false,
    });
  });

  test('a connection that TLS refuses is unreachable and not sent', async () => {
    const { server } = await centrifugo(json({}));
    const client = createCentrifugeServerClient({
      url: url(server).replace('http', 'https'),
      apiKey: 'key',
    });
    cleanups.push(() => client.close());
    expect(await faultOf(client.publish(publish))).toMatchObject({
      code: 'unreachable',
      sent: false,
    });
  });

  test('no answer in time is ambiguous, at the deadline', async () => {
    const { client } = await centrifugo(() => {}, { timeoutMs: 400 });
    const began = performance.now();
    expect(await faultOf(client.publish(publish))).toMatchObject({ code: 'ambiguous', sent: true });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('an answer that stops in the middle is ambiguous, by deadline or by reset', async () => {
    const half = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"result":');
    };
    const slow = await centrifugo(half, { timeoutMs: 400 });
    expect(await faultOf(slow.client.publish(publish))).toMatchObject({
      code: 'ambiguous',
      sent: true,
    });
    const cut = await centrifugo((response) => {
      half(response);
      setTimeout(() => response.destroy(), 20);
    });
    expect(await faultOf(cut.client.publish(publish))).toMatchObject({
      code: 'ambiguous',
      sent: true,
    });
  });

  test('a connection reset before the answer is ambiguous', async () => {
    const { client } = await centrifugo((response) => response.socket?.resetAndDestroy());
    expect(await faultOf(client.publish(publish))).toMatchObject({ code: 'ambiguous', sent: true });
  });

  test('a connection closed without an answer is ambiguous', async () => {
    const server = createTcpServer((socket) =>
      socket.once('data', () => socket.end()).on('error', () => {}),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = createCentrifugeServerClient({ url: url(server), apiKey: 'key' });
    cleanups.push(
      () => new Promise((resolve) => server.close(resolve)),
      () => client.close(),
    );
    expect(await faultOf(client.publish(publish))).toMatchObject({ code: 'ambiguous', sent: true });
  });

  const unreadable: [string, unknown][] = [
    ['too few replies', { replies: [{ publish: {} }] }],
    ['too many replies', { replies: [{ publish: {} }, { publish: {} }, { publish: {} }] }],
    ['no replies', {}],
    ['a reply to another method', { replies: [{ publish: {} }, { broadcast: {} }] }],
    ['a wrong type', { replies: [{ publish: {} }, { publish: { offset: '5' } }] }],
    ['no object', []],
  ];
  test.each(unreadable)('%s in a 200 is ambiguous', async (_name, body) => {
    const { client } = await centrifugo(json(body));
    const command = { method: 'publish', ...publish } as const;
    expect(await faultOf(client.batch([command, command]))).toMatchObject({
      code: 'ambiguous',
      sent: true,
      status: 200,
    });
  });

  test('a broadcast with fewer replies than channels is ambiguous', async () => {
    const { client } = await centrifugo(json({ result: { responses: [{ result: {} }] } }));
    expect(await faultOf(client.broadcast({ channels: ['a', 'b'], data: 1 }))).toMatchObject({
      code: 'ambiguous',
    });
  });

  test('text instead of JSON is ambiguous and shown, unless it may hold messages', async () => {
    const { client } = await centrifugo(answer(200, '<html>proxy</html>'));
    expect(await faultOf(client.publish(publish))).toMatchObject({
      code: 'ambiguous',
      body: '<html>proxy</html>',
    });
    const history = await faultOf(client.history({ channel: 'c', limit: 1 }));
    expect(history.body).toBeUndefined();
    expect(`${JSON.stringify(history)} ${history.message} ${String(history.cause)}`).not.toContain(
      'proxy',
    );
  });
});

describe('ending a call', () => {
  test('an abort while Centrifugo works is aborted and sent', async () => {
    const abort = new AbortController();
    const { client } = await centrifugo(() => abort.abort(new Error('the page is too old')));
    const fault = await faultOf(
      client.batch([{ method: 'publish', channel: 'c', data: 1 }], { signal: abort.signal }),
    );
    expect(fault).toMatchObject({ code: 'aborted', sent: true });
  });

  test('an abort before the call, or while it waits for a socket, is aborted and not sent', async () => {
    const { client, seen } = await centrifugo(() => {}, { connections: 1, timeoutMs: 500 });
    const early = await faultOf(
      client.publish({ channel: 'c', data: 1 }, { signal: AbortSignal.abort() }),
    );
    expect(early).toMatchObject({ code: 'aborted', sent: false });
    const busy = faultOf(client.publish({ channel: 'c', data: 1 }));
    await expect.poll(() => seen.length).toBe(1);
    const abort = new AbortController();
    const waiting = faultOf(client.publish({ channel: 'c', data: 2 }, { signal: abort.signal }));
    setTimeout(() => abort.abort(), 20);
    expect(await waiting).toMatchObject({ code: 'aborted', sent: false });
    expect(await busy).toMatchObject({ code: 'ambiguous', sent: true });
    expect(seen).toHaveLength(1);
  });

  test('a deadline that passes while the call waits for a socket is unreachable, for it was not sent', async () => {
    const { client, seen } = await centrifugo(() => {}, { connections: 1, timeoutMs: 200 });
    // Both deadlines in one instant: with a moment between them the first frees the socket for the second.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const calls = [1, 2].map((data) => faultOf(client.publish({ channel: 'c', data })));
    await expect.poll(() => seen.length).toBe(1);
    vi.advanceTimersByTime(200);
    const faults = await Promise.all(calls);
    expect(faults.map(({ code, sent }) => [code, sent])).toEqual([
      ['ambiguous', true],
      ['unreachable', false],
    ]);
    expect(seen).toHaveLength(1);
  });

  test('close lets calls under way end and refuses later ones', async () => {
    const { client, seen } = await centrifugo((response) =>
      setTimeout(() => json({ result: {} })(response), 50),
    );
    const underWay = client.publish({ channel: 'c', data: 1 });
    await expect.poll(() => seen.length).toBe(1);
    await client.close();
    await expect(underWay).resolves.toEqual({});
    expect(await faultOf(client.publish({ channel: 'c', data: 1 }))).toMatchObject({
      code: 'aborted',
      sent: false,
    });
  });
});

describe('sockets', () => {
  test('are kept and used again, also after refusals', async () => {
    const { client, sockets } = await centrifugo((response, _seen, count) =>
      count % 2 ? answer(500, 'no'.repeat(100))(response) : json({ result: {} })(response),
    );
    for (let i = 0; i < 30; i += 1) await client.publish({ channel: 'c', data: i }).catch(() => {});
    // A call right behind another may find the socket not yet free, and then there are two.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  test('many at once use at most `connections`', async () => {
    const { client, sockets, seen } = await centrifugo(
      (response) => setTimeout(() => json({ result: {} })(response), 10),
      { connections: 3 },
    );
    await Promise.all(
      Array.from({ length: 30 }, (_, data) => client.publish({ channel: 'c', data })),
    );
    expect(seen).toHaveLength(30);
    expect(sockets.size).toBe(3);
  });

  test('no call is repeated by the client itself', async () => {
    const { client, seen } = await centrifugo((response) => response.socket?.destroy());
    await faultOf(client.publish({ channel: 'c', data: 1 }));
    expect(seen).toHaveLength(1);
  });
});

test.each(['', 'two words', 'line\nbreak'])(
  'an API key that no header can carry is refused at once (%o)',
  (apiKey) => {
    expect(() => createCentrifugeServerClient({ url: 'http://localhost', apiKey })).toThrow(
      TypeError,
    );
  },
);
