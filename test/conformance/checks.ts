/**
 * The assertions that the product stands on, as functions of a server: the suite applies them to one that must pass,
 * and `teeth.test.ts` to some that must not.
 */
import { request } from 'node:http';

import { expect } from 'vitest';

import type { TestCentrifugo } from '../harness/centrifugo.ts';
import { newConversation } from './lab.ts';
import type { Cluster, Lab } from './lab.ts';
import { ourNamespace } from './our-configuration.ts';
import { batch, kept, positionOf, publish } from './server-api.ts';
import type { Api } from './server-api.ts';
import { inSeconds, sign } from './tokens.ts';

/** Where one publishes and where one listens. */
type Ends = { a: Api; b: TestCentrifugo };

export async function batchKeepsPlacesAroundFaults(api: Api): Promise<void> {
  const channel = newConversation();
  const good = (n: number) => ({ publish: { channel, data: n, version: n } });
  const accepted = (offset: number) => ({ publish: { offset, epoch: expect.any(String) } });
  const replies = await batch(api, [
    good(1),
    { publish: { channel: 'nowhere:x', data: 2 } },
    good(3),
    { publish: { channel } },
    { publish: { channel: '', data: 4 } },
    null,
    good(5),
    { nonsense: {} },
    {},
    { batch: { commands: [] } },
    { publish: { channel: 'object:x', data: 6 } },
    good(7),
  ]);
  const unknown = { error: { code: 102, message: 'unknown channel' } };
  const bad = { error: { code: 107, message: 'bad request' } };
  const noMethod = { error: { code: 104, message: expect.any(String) } };
  expect(replies).toEqual([
    accepted(1),
    unknown,
    accepted(2),
    bad,
    bad,
    bad,
    accepted(3),
    noMethod,
    noMethod,
    noMethod,
    bad,
    accepted(4),
  ]);
  expect(await kept(api, channel)).toEqual([1, 3, 5, 7]);
}

/** What is not above the highest version is answered like the rest and heard by nobody. */
export async function staleVersionsAreSuppressed(
  lab: Lab,
  { a, b }: Ends,
  { channel = newConversation(), epoch = '1' } = {},
): Promise<void> {
  const listener = lab.listen(b, { channel });
  await listener.isTold('subscribed');
  const version = (n: number, data: unknown = n) => ({
    channel,
    data,
    version: n,
    version_epoch: epoch,
  });
  await publish(a, version(1), version(2), version(3));
  const [stale] = await publish(a, version(2, 'stale'));
  const [equal] = await publish(a, version(3, 'equal'));
  await publish(a, version(4));
  await listener.until(() => listener.heard.includes(4), { what: 'the last version' });
  expect(listener.heard).toEqual([1, 2, 3, 4]);
  // The reply tells where the channel stands, not that it was suppressed.
  expect(stale).toEqual({ offset: 3, epoch: expect.any(String) });
  expect(equal).toEqual(stale);
}

/** The same key twice on a channel: the first one's offset, and nothing heard, whatever the data. */
export async function repeatedKeysAreSuppressed(
  lab: Lab,
  { a, b }: Ends,
  channel = newConversation(),
): Promise<void> {
  const listener = lab.listen(b, { channel });
  await listener.isTold('subscribed');
  const [first] = await publish(a, { channel, data: 'first', idempotency_key: 'k' });
  const [again, other] = await publish(
    a,
    { channel, data: 'first', idempotency_key: 'k' },
    { channel, data: 'other data', idempotency_key: 'k' },
  );
  await publish(a, { channel, data: 'end' });
  await listener.until(() => listener.heard.includes('end'), { what: 'the last publication' });
  expect(listener.heard).toEqual(['first', 'end']);
  expect([again, other]).toEqual([first, first]);
}

/** Subscribes from before the last `missed` publications and gives what the server says and sends. */
export async function recover(
  lab: Lab,
  cluster: Pick<Cluster, 'a' | 'b'>,
  { missed, channel = newConversation() }: { missed: number; channel?: string },
): Promise<{ recovered: boolean; numbers: number[] }> {
  const since = await positionOf(cluster.a, channel);
  const numbers = Array.from({ length: missed }, (_, index) => index + 1);
  await publish(cluster.a, ...numbers.map((n) => ({ channel, data: n, version: n })));
  const wire = await lab.connectedWire(cluster.b, await sign(cluster.b.hmacSecret, { sub: 'ann' }));
  const token = await sign(cluster.b.hmacSecret, { sub: 'ann', channel });
  const { subscribe } = await wire.call({
    subscribe: { channel, token, recover: true, ...since },
  });
  wire.close();
  return {
    recovered: subscribe.recovered ?? false,
    numbers: (subscribe.publications ?? []).map(({ data }: { data: number }) => data),
  };
}

export async function asManyAsMissedAreRecovered(
  lab: Lab,
  cluster: Pick<Cluster, 'a' | 'b'>,
  missed: number,
): Promise<void> {
  const numbers = Array.from({ length: missed }, (_, index) => index + 1);
  expect(await recover(lab, cluster, { missed })).toEqual({ recovered: true, numbers });
}

/** A subscriber with a token hears, and may do nothing else on either of our namespaces. */
export async function subscribersMayOnlyListen(
  lab: Lab,
  node: TestCentrifugo,
  channel: string,
): Promise<void> {
  const wire = await lab.connectedWire(node, await sign(node.hmacSecret, { sub: 'ann' }));
  const token = await sign(node.hmacSecret, { sub: 'ann', channel });
  const codes = {
    subscribeWithoutToken: await wire.codeOf({ subscribe: { channel } }),
    subscribe: await wire.codeOf({ subscribe: { channel, token } }),
    publish: await wire.codeOf({ publish: { channel, data: 1 } }),
    history: await wire.codeOf({ history: { channel, limit: 10 } }),
    presence: await wire.codeOf({ presence: { channel } }),
    presenceStats: await wire.codeOf({ presence_stats: { channel } }),
  };
  const [name] = channel.split(':');
  // What a namespace does not keep is not available to anybody, which is told before permission is looked at.
  const presence = ourNamespace(name!)['presence'] ? 103 : 108;
  expect(codes).toEqual({
    subscribeWithoutToken: 103,
    subscribe: 0,
    publish: 103,
    history: 103,
    presence,
    presenceStats: presence,
  });
}

/** History holds so many publications and no more. */
export async function historyKeeps(api: Api, size: number): Promise<void> {
  const channel = newConversation();
  const numbers = Array.from({ length: size + 1 }, (_, index) => index + 1);
  await publish(api, ...numbers.map((n) => ({ channel, data: n, version: n })));
  expect(await kept(api, channel)).toEqual(numbers.slice(1));
}

/** A subscription whose token ran out ends, though its client goes on as if nothing were. */
export async function unrefreshedSubscriptionEnds(
  lab: Lab,
  node: TestCentrifugo,
  { livesSeconds, withinMs }: { livesSeconds: number; withinMs: number },
): Promise<void> {
  const channel = newConversation();
  const wire = await lab.connectedWire(node, await sign(node.hmacSecret, { sub: 'ann' }));
  const exp = inSeconds(livesSeconds);
  const token = await sign(node.hmacSecret, { sub: 'ann', channel, exp });
  expect(await wire.codeOf({ subscribe: { channel, token } })).toBe(0);
  await wire.until(() => wire.pushes.some((push) => push['unsubscribe']), {
    timeoutMs: livesSeconds * 1_000 + withinMs,
    what: 'the subscription to be ended',
  });
  expect(wire.pushes.find((push) => push['unsubscribe'])).toMatchObject({
    channel,
    unsubscribe: { code: 2501 },
  });
  expect(Date.now() / 1_000).toBeGreaterThanOrEqual(exp);
}

/** The status with which a browser's request to open a WebSocket is answered. */
export function upgrade(wsUrl: string, origin?: string): Promise<number> {
  const url = new URL(wsUrl.replace(/^ws/, 'http'));
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...(origin !== undefined && { origin }),
      },
    });
    asking.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    asking.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end();
  });
}

export async function foreignOriginsAreRefused(node: TestCentrifugo): Promise<void> {
  const foreign = ['https://evil.example', 'null', node.url];
  expect(await Promise.all(foreign.map((origin) => upgrade(node.wsUrl, origin)))).toEqual(
    foreign.map(() => 403),
  );
}
