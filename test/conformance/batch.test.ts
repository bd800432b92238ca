import { chatChannel } from '@rov/realtime';
import { beforeAll, describe, expect, test } from 'vitest';

import { batchKeepsPlacesAroundFaults } from './checks.ts';
import { ENGINES, labForFile, newConversation } from './lab.ts';
import type { Cluster } from './lab.ts';
import { batch, call, kept, publish, send } from './server-api.ts';

const lab = labForFile();

describe.each(ENGINES)('on the %s engine', (engine) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await lab.cluster(engine, {
      namespaces: [{ name: 'bare' }, { name: 'object', publication_data_format: 'json_object' }],
    });
  });

  test('T3 a bad command in the middle is an error at its place, and the rest run in order', () =>
    batchKeepsPlacesAroundFaults(cluster.a));

  test('T3 each command that we send answers under its own name', async () => {
    const channel = newConversation();
    const chat = chatChannel('cal');
    expect(
      await batch(cluster.a, [
        { publish: { channel, data: 1, version: 1, version_epoch: '1' } },
        { broadcast: { channels: [chat, 'nowhere:x'], data: 1, idempotency_key: 'k' } },
        { unsubscribe: { channel, user: 'cal' } },
        { disconnect: { user: 'cal' } },
        { presence_stats: { channel: chat } },
        { history: { channel, limit: 0 } },
        { history_remove: { channel } },
      ]),
    ).toEqual([
      { publish: { offset: 1, epoch: expect.any(String) } },
      {
        broadcast: {
          responses: [
            { result: { offset: 1, epoch: expect.any(String) } },
            { error: { code: 102, message: 'unknown channel' } },
          ],
        },
      },
      { unsubscribe: {} },
      { disconnect: {} },
      { presence_stats: { num_clients: 0, num_users: 0 } },
      { history: { publications: [], epoch: expect.any(String), offset: 1 } },
      { history_remove: {} },
    ]);
  });

  test('T3 of two methods in one element the publication runs', async () => {
    const channel = newConversation();
    const [reply] = await batch(cluster.a, [
      { history: { channel }, publish: { channel, data: 1 } },
    ]);
    expect(reply).toEqual({ publish: { offset: 1, epoch: expect.any(String) } });
  });

  test('T3 data may be any JSON value, null and empty ones included', async () => {
    const channel = newConversation();
    const values = [null, '', 0, false, {}, []];
    await publish(cluster.a, ...values.map((data) => ({ channel, data })));
    expect(await kept(cluster.b, channel)).toEqual(values);
  });

  test.for(['{}', '{"commands":[]}'])('T4 the empty batch %s is answered by {}', async (body) => {
    expect(await send(cluster.a, '/api/batch', { body })).toEqual({
      status: 200,
      type: 'application/json',
      body: '{}',
    });
  });

  test.for<[string, (good: string) => unknown[]]>([
    ['a version in quotes', (channel) => [{ publish: { channel, data: 2, version: '5' } }]],
    ['a negative version', (channel) => [{ publish: { channel, data: 2, version: -1 } }]],
    ['a broken version', (channel) => [{ publish: { channel, data: 2, version: 1.5 } }]],
    ['a tag that is a number', (channel) => [{ publish: { channel, data: 2, tags: { a: 1 } } }]],
    ['a command that is a string', () => ['publish']],
    ['a channel that is a number', () => [{ publish: { channel: 5, data: 2 } }]],
  ])('T5 %s refuses the whole batch, and nothing of it is done', async ([, bad]) => {
    const channel = newConversation();
    const commands = [{ publish: { channel, data: 1 } }, ...bad(channel)];
    expect(await send(cluster.a, '/api/batch', { body: JSON.stringify({ commands }) })).toEqual({
      status: 400,
      type: 'text/plain; charset=utf-8',
      body: 'Bad Request\n',
    });
    expect(await kept(cluster.b, channel)).toEqual([]);
  });

  test('T5 versions go up to 2^53 − 1', async () => {
    const channel = newConversation();
    const top = Number.MAX_SAFE_INTEGER;
    await publish(
      cluster.a,
      { channel, data: 'one below', version: top - 1 },
      { channel, data: 'top', version: top },
      { channel, data: 'below again', version: top - 1 },
    );
    expect(await kept(cluster.b, channel)).toEqual(['one below', 'top']);
  });

  test('T6 a broadcast succeeds and fails per channel, in the order of its channels', async () => {
    const [first, last] = [newConversation(), newConversation()];
    expect(
      await call(cluster.a, 'broadcast', {
        channels: [first, 'nowhere:x', '', 'bare:x', last],
        data: 1,
      }),
    ).toEqual({
      result: {
        responses: [
          { result: { offset: 1, epoch: expect.any(String) } },
          { error: { code: 102, message: 'unknown channel' } },
          { error: { code: 107, message: 'bad request' } },
          { result: {} },
          { result: { offset: 1, epoch: expect.any(String) } },
        ],
      },
    });
  });

  test('T6 a broadcast to a thousand channels reaches each', async () => {
    const channels = Array.from({ length: 1_000 }, newConversation);
    const { result } = await call(cluster.a, 'broadcast', {
      channels,
      data: 1,
      idempotency_key: 'k',
    });
    expect(result.responses).toHaveLength(1_000);
    expect(new Set(result.responses.map((response: any) => response.result?.offset))).toEqual(
      new Set([1]),
    );
  });
});
