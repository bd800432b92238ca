import { randomUUID } from 'node:crypto';

import { UnauthorizedError } from '@rov/realtime/react';
import { createCentrifugeServerClient, createTokenIssuer } from '@rov/realtime/server';
import { afterAll, afterEach, beforeAll, describe, expect, test as plainTest, vi } from 'vitest';

import type { ChannelListener } from '../../../realtime/client/channel-listeners.ts';
import type { ChannelState } from '../../../realtime/client/channel-state.ts';
import { createConnection } from '../../../realtime/client/connection.ts';
import type { Connection, ConnectionOptions } from '../../../realtime/client/connection.ts';
import { startTestCentrifugo } from '../../harness/centrifugo.ts';
import type { TestCentrifugo } from '../../harness/centrifugo.ts';
import { sharedServers } from '../../harness/in-file.ts';

let centrifugo: TestCentrifugo;
let publisher: ReturnType<typeof createCentrifugeServerClient>;
let tokens: ReturnType<typeof createTokenIssuer>;

beforeAll(async () => {
  centrifugo = await startTestCentrifugo({ ledger: sharedServers().ledger });
  publisher = createCentrifugeServerClient({ url: centrifugo.url, apiKey: centrifugo.apiKey });
  tokens = createTokenIssuer({ hmacSecret: centrifugo.hmacSecret });
});

afterAll(async () => {
  await publisher.close();
  await centrifugo.stop();
});

const reports: unknown[] = [];
afterEach(() => {
  const unexpected = reports.splice(0);
  if (unexpected.length > 0) throw new AggregateError(unexpected, 'reported by the connection');
});

/** A token of Ann. */
async function connectionToken(expiresInSeconds?: number): Promise<string> {
  return (await tokens.connectionToken({ userId: 'ann', expiresInSeconds })).token;
}

/** `connect` gives a connection of Ann, closed after the test. */
const test = plainTest.extend(
  'connect',
  ({ onTestFinished }) =>
    (options: Partial<ConnectionOptions> = {}) => {
      const getToken = vi.fn<() => Promise<string>>(() => connectionToken());
      const connection = createConnection({
        address: () => centrifugo.wsUrl,
        getToken,
        report: (error) => reports.push(error),
        ...options,
      });
      onTestFinished(() => connection.close());
      return { connection, getToken };
    },
);

/** Somebody who notes all that is heard. */
function listen(connection: Connection, channel: string, options: Partial<ChannelListener> = {}) {
  const heard: unknown[] = [];
  const states: ChannelState[] = [];
  const onLoss = vi.fn<() => void | Promise<void>>();
  const getSubscriptionToken = vi.fn<(name: string) => Promise<string>>(
    async (name) => (await tokens.subscriptionToken({ userId: 'ann', channel: name })).token,
  );
  const stop = connection.subscribe(channel, {
    onMessage: (data) => heard.push(data),
    onState: (state) => states.push(state),
    onLoss,
    getSubscriptionToken,
    ...options,
  });
  return {
    heard,
    states,
    onLoss,
    getSubscriptionToken,
    stop,
    status: () => states.at(-1)?.status,
    error: () => states.at(-1)?.error,
    becomes: (status: ChannelState['status']) =>
      expect.poll(() => states.at(-1)?.status, { timeout: 10_000 }).toBe(status),
    hears: (...data: unknown[]) => expect.poll(() => heard, { timeout: 10_000 }).toEqual(data),
  };
}

function newConversation(): string {
  return `conversation:${randomUUID()}`;
}

function event(n: number) {
  return { type: 'message', eventId: randomUUID(), n };
}

const getPosition = (channel: string) => publisher.history({ channel });
const clientsOn = async (channel: string) =>
  (await publisher.presenceStats({ channel })).numClients;

test('what is published is heard once and in order, by all who share the subscription', async ({
  connect,
}) => {
  const { connection, getToken } = connect();
  const channel = newConversation();
  const [one, two] = [listen(connection, channel), listen(connection, channel)];
  await one.becomes('subscribed');
  await two.becomes('subscribed');
  const events = [event(1), event(2), event(3)];
  for (const data of events) await publisher.publish({ channel, data });
  await one.hears(...events);
  await two.hears(...events);
  expect(getToken).toHaveBeenCalledTimes(1);
  expect(one.getSubscriptionToken).toHaveBeenCalledTimes(1);
  expect(two.getSubscriptionToken).not.toHaveBeenCalled();
});

test('an event that Centrifugo repeats is heard once, and one without an id each time', async ({
  connect,
}) => {
  const { connection } = connect();
  const channel = newConversation();
  const ann = listen(connection, channel);
  await ann.becomes('subscribed');
  const repeated = event(1);
  const typing = { type: 'typing' };
  for (const data of [repeated, typing, repeated, typing, event(2)]) {
    await publisher.publish({ channel, data });
  }
  await expect.poll(() => ann.heard.length).toBe(4);
  expect(ann.heard.slice(0, 3)).toEqual([repeated, typing, typing]);
});

test('a listener that throws is reported and disturbs neither the others nor the connection', async ({
  connect,
}) => {
  const report = vi.fn<(error: unknown) => void>();
  const { connection } = connect({ report });
  const channel = newConversation();
  const fault = new Error('of the page');
  const bad = listen(connection, channel, {
    onMessage: () => {
      throw fault;
    },
  });
  const good = listen(connection, channel);
  await good.becomes('subscribed');
  await publisher.publish({ channel, data: 1 });
  await publisher.publish({ channel, data: 2 });
  await good.hears(1, 2);
  expect(report.mock.calls).toEqual([[fault], [fault]]);
  expect(bad.status()).toBe('subscribed');
});

describe('coming and going', () => {
  test('leaving and coming back within a tick keeps the subscription', async ({ connect }) => {
    const { connection } = connect();
    const channel = newConversation();
    const first = listen(connection, channel);
    await first.becomes('subscribed');
    first.stop();
    const second = listen(connection, channel);
    expect(second.status()).toBe('subscribed');
    await publisher.publish({ channel, data: 1 });
    await second.hears(1);
    expect(first.heard).toEqual([]);
    expect(second.getSubscriptionToken).not.toHaveBeenCalled();
  });

  test('after the last one left Centrifugo sees nobody, and one who comes later subscribes anew', async ({
    connect,
  }) => {
    const { connection } = connect();
    const channel = 'chat:ann';
    const first = listen(connection, channel);
    await first.becomes('subscribed');
    await expect.poll(() => clientsOn(channel)).toBe(1);
    first.stop();
    await expect.poll(() => clientsOn(channel)).toBe(0);
    const second = listen(connection, channel);
    await second.becomes('subscribed');
    expect(second.getSubscriptionToken).toHaveBeenCalledTimes(1);
  });
});

/** `exp` is in whole seconds: a token of one second may be all but over when it is issued. */
const RENEWED_AFTER_S = 3;

/** `client.expired_close_delay` of centrifugo.json, and a second for its tick. */
const CLOSES_AFTER_MS = 6_000;

/** Gives tokens that soon run out, and counts them. */
function shortLived() {
  let given = 0;
  const getToken = async () => {
    given += 1;
    return connectionToken(RENEWED_AFTER_S);
  };
  return { getToken, given: () => given };
}

// Side by side. None may ask what a `vi.fn` has seen: that is forgotten whenever a test begins.
describe.concurrent('tokens that run out', () => {
  test('a connection goes on with fetched tokens when its own run out', async ({ connect }) => {
    const { getToken, given } = shortLived();
    const { connection } = connect({ getToken });
    const channel = newConversation();
    const ann = listen(connection, channel);
    await ann.becomes('subscribed');
    await expect.poll(given, { timeout: 8_000 }).toBeGreaterThan(2);
    expect(ann.states.filter(({ status }) => status === 'subscribed')).toHaveLength(1);
  });

  test('a subscription is renewed in place', async ({ connect }) => {
    const { connection } = connect();
    const channel = newConversation();
    let asked = 0;
    const getSubscriptionToken = async () => {
      asked += 1;
      const wanted = { userId: 'ann', channel, expiresInSeconds: RENEWED_AFTER_S };
      return (await tokens.subscriptionToken(wanted)).token;
    };
    const ann = listen(connection, channel, { getSubscriptionToken });
    await expect.poll(() => asked, { timeout: 8_000 }).toBeGreaterThan(2);
    expect(ann.states.filter(({ status }) => status === 'subscribed')).toHaveLength(1);
  });

  test('with offered tokens alone a new one is used at the renewal and the socket stays', async ({
    connect,
  }) => {
    const token = await connectionToken(RENEWED_AFTER_S);
    const { connection } = connect({ getToken: undefined, token });
    const closedWithoutRenewalAt = Date.now() + RENEWED_AFTER_S * 1_000 + CLOSES_AFTER_MS;
    const ann = listen(connection, newConversation());
    await ann.becomes('subscribed');
    connection.offerToken(await connectionToken());
    await expect.poll(Date.now, { timeout: 15_000 }).toBeGreaterThan(closedWithoutRenewalAt);
    expect(ann.states.filter(({ status }) => status === 'subscribed')).toHaveLength(1);
    expect(ann.status()).toBe('subscribed');
  });

  test('an offered token comes before fetched ones, and once', async ({ connect }) => {
    const { getToken, given } = shortLived();
    const token = await connectionToken(RENEWED_AFTER_S);
    const { connection } = connect({ token, getToken });
    const ann = listen(connection, newConversation());
    await ann.becomes('subscribed');
    expect(given()).toBe(0);
    connection.offerToken(token);
    await expect.poll(given, { timeout: 8_000 }).toBe(2);
    expect(ann.states.filter(({ status }) => status === 'subscribed')).toHaveLength(1);
  });

  test('a used-up offered token is named while it is waited for, and the next one is enough', async ({
    connect,
  }) => {
    const { connection } = connect({
      getToken: undefined,
      token: await connectionToken(-10),
    });
    const ann = listen(connection, newConversation());
    await expect
      .poll(() => ann.error()?.cause, { timeout: 10_000 })
      .toMatchObject({ code: 'token_expired' });
    expect(ann.status()).toBe('connecting');
    connection.offerToken(await connectionToken());
    await ann.becomes('subscribed');
  });
});

describe('tokens', () => {
  test('a token of another user is reported and not used', async ({ connect }) => {
    const report = vi.fn<(error: unknown) => void>();
    const { connection } = connect({ report });
    const ann = listen(connection, newConversation());
    await ann.becomes('subscribed');
    expect(connection.userId.get()).toBe('ann');
    connection.offerToken((await tokens.connectionToken({ userId: 'bob' })).token);
    expect(report).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'foreign_token' }),
    );
  });

  test('whoever may not connect gets a final error that says why', async ({ connect }) => {
    const refusal = new UnauthorizedError('signed out');
    const { connection } = connect({ getToken: () => Promise.reject(refusal) });
    const ann = listen(connection, newConversation());
    await ann.becomes('error');
    expect(ann.error()).toMatchObject({ code: 'unauthorized', cause: refusal });
    connection.offerToken(await connectionToken());
    await ann.becomes('subscribed');
  });

  test('a failing token endpoint is tried again and named meanwhile', async ({ connect }) => {
    const getToken = vi
      .fn<() => Promise<string>>(() => connectionToken())
      .mockRejectedValueOnce(new Error('503'));
    const { connection } = connect({ getToken });
    const ann = listen(connection, newConversation());
    await ann.becomes('subscribed');
    expect(ann.states.map(({ error }) => error?.cause)).toContainEqual(new Error('503'));
    expect(ann.error()).toBeNull();
  });

  test('a connection that Centrifugo refuses for its signature ends with a final error', async ({
    connect,
  }) => {
    const forger = createTokenIssuer({ hmacSecret: 'another secret' });
    const { connection } = connect({
      getToken: async () => (await forger.connectionToken({ userId: 'ann' })).token,
    });
    const ann = listen(connection, newConversation());
    await ann.becomes('error');
    expect(ann.error()).toMatchObject({ code: 'disconnected', number: 3500 });
  });

  test('whoever may not subscribe gets a final error, and the rest of the connection goes on', async ({
    connect,
  }) => {
    const { connection } = connect();
    const refused = listen(connection, newConversation(), {
      getSubscriptionToken: () => Promise.reject(new UnauthorizedError('403')),
    });
    const forged = listen(connection, newConversation(), {
      getSubscriptionToken: () => connectionToken(),
    });
    const good = listen(connection, newConversation());
    await refused.becomes('error');
    await forged.becomes('error');
    await good.becomes('subscribed');
    expect(refused.error()).toMatchObject({ code: 'unauthorized' });
    expect(forged.error()).toMatchObject({ code: 'refused', number: 103 });
  });
});

test('whoever may not ask for the position is not asked for it again and again', async ({
  connect,
}) => {
  const refusal = new UnauthorizedError('403');
  const position = vi.fn<() => Promise<never>>().mockRejectedValue(refusal);
  const { connection } = connect({ getPosition: position });
  const ann = listen(connection, newConversation());
  await ann.becomes('error');
  expect(ann.error()).toMatchObject({ code: 'unauthorized', cause: refusal });
  const other = listen(connection, newConversation());
  await other.becomes('error');
  expect(position).toHaveBeenCalledTimes(2);
});

describe('ends made by the server', () => {
  test('one who is unsubscribed is told, and may come again', async ({ connect }) => {
    const { connection } = connect();
    const channel = newConversation();
    const ann = listen(connection, channel);
    await ann.becomes('subscribed');
    await publisher.unsubscribe({ user: 'ann', channel });
    await ann.becomes('unsubscribed');
    expect(ann.error()).toBeNull();
    ann.stop();
    const again = listen(connection, channel);
    await again.becomes('subscribed');
  });

  test('a final disconnect is a final error; a new listener connects again', async ({
    connect,
  }) => {
    const { connection } = connect();
    const ann = listen(connection, newConversation());
    await ann.becomes('subscribed');
    await publisher.disconnect({ user: 'ann', code: 4501, reason: 'session ended' });
    await ann.becomes('error');
    expect(ann.error()).toMatchObject({ code: 'disconnected', number: 4501 });
    const again = listen(connection, newConversation());
    await again.becomes('subscribed');
    await ann.becomes('subscribed');
  });

  test('a disconnect that lets come back is recovered without a loss', async ({ connect }) => {
    const { connection } = connect({ getPosition });
    const channel = newConversation();
    const ann = listen(connection, channel);
    await ann.becomes('subscribed');
    const events = Array.from({ length: 20 }, (_, n) => event(n));
    await publisher.publish({ channel, data: events[0] });
    await publisher.disconnect({ user: 'ann', code: 4001, reason: 'come back' });
    for (const data of events.slice(1)) await publisher.publish({ channel, data });
    await ann.hears(...events);
    expect(ann.onLoss).not.toHaveBeenCalled();
  });
});

describe('losses', () => {
  test.for<[string, typeof getPosition | undefined]>([
    ['with positions', getPosition],
    ['without positions', undefined],
  ])(
    '%s, a restart that forgets history is announced once and then events go on',
    async ([, position], { connect }) => {
      const { connection, getToken } = connect({ getPosition: position });
      const channel = newConversation();
      const ann = listen(connection, channel);
      await ann.becomes('subscribed');
      await publisher.publish({ channel, data: event(1) });
      await expect.poll(() => ann.heard.length).toBe(1);
      expect(ann.onLoss).not.toHaveBeenCalled();
      await centrifugo.kill();
      await ann.becomes('connecting');
      await centrifugo.restart();
      await publisher.publish({ channel, data: event(2) });
      await ann.becomes('subscribed');
      await expect.poll(() => ann.onLoss.mock.calls.length).toBe(1);
      const after = event(3);
      await publisher.publish({ channel, data: after });
      await expect.poll(() => ann.heard.at(-1)).toEqual(after);
      expect(ann.onLoss).toHaveBeenCalledTimes(1);
      expect(getToken).toHaveBeenCalledTimes(1);
    },
  );

  test('a listener that could not load is asked again before events go on', async ({ connect }) => {
    const report = vi.fn<(error: unknown) => void>();
    const { connection } = connect({ getPosition, report });
    const channel = newConversation();
    const ann = listen(connection, channel);
    const fault = new Error('the API is down as well');
    ann.onLoss.mockRejectedValueOnce(fault);
    await ann.becomes('subscribed');
    await publisher.publish({ channel, data: event(1) });
    await expect.poll(() => ann.heard.length).toBe(1);
    await centrifugo.kill();
    await centrifugo.restart();
    await expect.poll(() => ann.onLoss.mock.calls.length, { timeout: 10_000 }).toBe(2);
    await ann.becomes('subscribed');
    expect(report).toHaveBeenCalledExactlyOnceWith(fault);
  });

  test('what is published between the position and the subscription is heard', async ({
    connect,
  }) => {
    const channel = newConversation();
    const early = event(1);
    const { connection } = connect({
      getPosition: async (name) => {
        const position = await getPosition(name);
        await publisher.publish({ channel, data: early });
        return position;
      },
    });
    const ann = listen(connection, channel);
    await ann.hears(early);
    expect(ann.onLoss).not.toHaveBeenCalled();
  });
});

test('a token that runs out during an outage is fetched anew, once', async ({ connect }) => {
  const getToken = vi
    .fn<() => Promise<string>>(() => connectionToken())
    .mockImplementationOnce(() => connectionToken(6));
  const { connection } = connect({ getToken });
  const ann = listen(connection, newConversation());
  await ann.becomes('subscribed');
  await centrifugo.kill();
  await expect.poll(() => getToken.mock.calls.length, { timeout: 10_000 }).toBe(2);
  await centrifugo.restart();
  await ann.becomes('subscribed');
  expect(getToken).toHaveBeenCalledTimes(2);
});
