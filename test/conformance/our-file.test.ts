import { randomUUID } from 'node:crypto';

import { chatChannel, conversationChannel } from '@rov/realtime';
import { beforeAll, describe, expect, test } from 'vitest';

import type { TestCentrifugo } from '../harness/centrifugo.ts';
import {
  asManyAsMissedAreRecovered,
  historyKeeps,
  recover,
  subscribersMayOnlyListen,
} from './checks.ts';
import { labForFile, newConversation } from './lab.ts';
import type { Cluster } from './lab.ts';
import { ourNamespace, ours, secondsOf } from './our-configuration.ts';
import { call, publish, send } from './server-api.ts';
import { sign } from './tokens.ts';

/** Nothing here changes a setting: it is `centrifugo.json` that is on trial, and whether what it says is in force. */
const lab = labForFile();
let node: TestCentrifugo;
beforeAll(async () => {
  node = await lab.node();
});

const newChat = () => chatChannel(randomUUID());
const OURS = [
  ['conversation', newConversation],
  ['chat', newChat],
] as const;

async function subscribe(channel: string, user = 'ann') {
  const wire = await lab.connectedWire(node, await sign(node.hmacSecret, { sub: user }));
  const token = await sign(node.hmacSecret, { sub: user, channel });
  return { wire, reply: await wire.call({ subscribe: { channel, token } }) };
}

test('T46 no option of the file is unknown, and one that was would be told', async () => {
  const told = (server: TestCentrifugo) => /unknown/i.test(server.logTail());
  expect(told(await lab.node())).toBe(false);
  expect(told(await lab.node({ settings: { CENTRIFUGO_CLIENT_NONSENSE: '1' } }))).toBe(true);
});

test('T46 our channels have the namespaces of the file, and there are no others', () => {
  expect(ours.channel.namespaces.map(({ name }) => name).toSorted()).toEqual(
    OURS.map(([name]) => name).toSorted(),
  );
});

test('T47 a conversation keeps as many publications as the file says', () =>
  historyKeeps(node, Number(ourNamespace('conversation')['history_size'])));

test('T47 as many missed as the file says are recovered, and one more is a loss', async () => {
  const limit = Number(ours.client['recovery_max_publication_limit']);
  await asManyAsMissedAreRecovered(lab, { a: node, b: node }, limit);
  expect(await recover(lab, { a: node, b: node }, { missed: limit + 1 })).toEqual({
    recovered: false,
    numbers: [],
  });
});

describe('T48 lifetimes, as Redis has them', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await lab.cluster('redis');
  });

  test.for(OURS)('T48 %s', async ([name, newChannel]) => {
    const channel = newChannel();
    await publish(cluster.a, { channel, data: 1 });
    const lifetimes = new Map<string, number>();
    for (const key of await cluster.redis!.client.keys(`*${channel}*`))
      lifetimes.set(key.includes('meta') ? 'meta' : 'stream', await cluster.redis!.client.ttl(key));
    const near = (seconds: number) => (left: number) => left > seconds - 60 && left <= seconds;
    expect(lifetimes.get('stream')).toSatisfy(
      near(secondsOf(String(ourNamespace(name)['history_ttl']))),
    );
    expect(lifetimes.get('meta')).toSatisfy(near(secondsOf(ours.channel.history_meta_ttl)));
  });
});

test.for(OURS)(
  'T49 a subscriber of %s is recovered and positioned without asking',
  async ([, newChannel]) => {
    const { reply } = await subscribe(newChannel());
    expect(reply['subscribe']).toMatchObject({
      recoverable: true,
      positioned: true,
      epoch: expect.stringMatching(/./),
    });
  },
);

test.for(OURS)('T49 a subscriber of %s may do nothing but listen', ([, newChannel]) =>
  subscribersMayOnlyListen(lab, node, newChannel()),
);

test('T49 who is nobody may not connect', async () => {
  const wire = await lab.wire(node);
  expect(await wire.codeOf({ connect: {} })).toBe(3501);
});

test('T49 who is somebody without a name may connect, and hears nothing without a token', async () => {
  const wire = await lab.connectedWire(node, await sign(node.hmacSecret, { sub: '' }));
  expect(await wire.codeOf({ subscribe: { channel: newConversation() } })).toBe(103);
});

describe('T50 channel names', () => {
  const user = (length: number) => `a${'b'.repeat(length - 1)}`;
  test.for<[string, string, number]>([
    ['a conversation', newConversation(), 0],
    [
      'a conversation in capitals',
      newConversation().toUpperCase().replace('CONVERSATION', 'conversation'),
      107,
    ],
    ['a conversation with more behind it', `${newConversation()}a`, 107],
    ['a conversation with a line break', `${newConversation()}\n`, 107],
    ['no conversation', conversationChannel(''), 107],
    ['a user', chatChannel('auth0|A.b_c-1@example'), 0],
    ['a user of 128 characters', chatChannel(user(128)), 0],
    ['a user of 129 characters', chatChannel(user(129)), 107],
    ['a user that begins with a dot', chatChannel('.ann'), 107],
    ['a user with a colon', chatChannel('ann:ben'), 107],
    ['a user with a number sign', chatChannel('ann#ben'), 107],
    ['a user with an asterisk', chatChannel('*'), 107],
    ['a user with a space', chatChannel('ann ben'), 107],
    ['another namespace', 'people:ann', 102],
  ])('T50 %s', async ([, channel, code]) => {
    const { reply } = await subscribe(channel);
    expect(reply['error']?.code ?? 0).toBe(code);
  });
});

test('T51 a client has as many channels as the file says, and not one more', async () => {
  const limit = Number(ours.client['channel_limit']);
  const wire = await lab.connectedWire(node, await sign(node.hmacSecret, { sub: 'many' }));
  const next = async () => {
    const channel = newConversation();
    const token = await sign(node.hmacSecret, { sub: 'many', channel });
    return wire.codeOf({ subscribe: { channel, token } });
  };
  const codes = [];
  for (let count = 0; count < limit; count += 1) codes.push(await next());
  expect(new Set(codes)).toEqual(new Set([0]));
  expect(await next()).toBe(106);
});

test.for(OURS)('T52 presence of %s is kept as the file says', async ([name, newChannel]) => {
  const answer = await call(node, 'presence_stats', { channel: newChannel() });
  expect('result' in answer).toBe(ourNamespace(name)['presence'] === true);
});

test('T53 health and figures are served', async () => {
  expect(await send(node, '/health', { method: 'GET' })).toMatchObject({ status: 200 });
  const { status, body } = await send(node, '/metrics', { method: 'GET' });
  expect([status, body]).toEqual([200, expect.stringContaining('centrifugo_node_num_clients')]);
});

test('T53 a client is pinged every 25 seconds, which is what our own timeouts are made for', async () => {
  const wire = await lab.wire(node);
  const token = await sign(node.hmacSecret, { sub: 'ann' });
  expect((await wire.call({ connect: { token } }))['connect']).toMatchObject({
    ping: 25,
    pong: true,
  });
});
