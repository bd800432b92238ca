import { State, UnauthorizedError } from 'centrifuge';
import { beforeAll, describe, expect, test } from 'vitest';

import type { TestCentrifugo } from '../harness/centrifugo.ts';
import { labForFile, newConversation } from './lab.ts';
import { publish } from './server-api.ts';
import { inSeconds, sign } from './tokens.ts';
import type { Claims } from './tokens.ts';

const lab = labForFile();
let node: TestCentrifugo;
beforeAll(async () => {
  node = await lab.node({
    namespaces: [
      { name: 'bare', allow_subscribe_for_client: true },
      {
        name: 'personal',
        history_size: 10,
        history_ttl: '1h',
        force_recovery: true,
        allow_user_limited_channels: true,
      },
    ],
  });
});

const own = newConversation();
const other = newConversation();
const HOUR = 3_600;
/** A token made for the server of this file, which is not there yet when the tables are written. */
type Made = () => Promise<string> | string;
const by =
  (claims: Claims, how: { secret?: string; algorithm?: string } = {}): Made =>
  () =>
    sign(how.secret ?? node.hmacSecret, claims, how);
const good = { sub: 'ann', exp: inSeconds(HOUR) };
const goodSub = { ...good, channel: own };

describe('T27 tokens of connections', () => {
  test.for<[string, Made, number]>([
    ['a good one', by(good), 0],
    ['none', () => '', 3501],
    ['garbage', () => 'abc', 3500],
    ['three parts of garbage', () => 'a.b.c', 3500],
    ['signed by somebody else', by(good, { secret: 'other' }), 3500],
    ['expired', by({ ...good, exp: inSeconds(-1) }), 109],
    ['expired and signed by somebody else', by({ exp: inSeconds(-1) }, { secret: 'other' }), 3500],
    ['not valid yet', by({ ...good, nbf: inSeconds(HOUR) }), 109],
    ['one of a subscription', by(goodSub), 3500],
    ['a user that is a number', by({ ...good, sub: 5 }), 3500],
    ['without an expiry', by({ sub: 'ann' }), 0],
    ['HS384', by(good, { algorithm: 'HS384' }), 0],
    ['HS512', by(good, { algorithm: 'HS512' }), 0],
    ['an audience that nobody asked for', by({ ...good, aud: 'x', iss: 'y' }), 0],
    ['no algorithm', () => unsigned(good), 3500],
  ])('T27 %s', async ([, token, code]) => {
    const wire = await lab.wire(node);
    const given = await token();
    expect(await wire.codeOf({ connect: given === '' ? {} : { token: given } })).toBe(code);
  });
});

describe('T27 tokens of subscriptions', () => {
  test.for<[string, Made, number]>([
    ['a good one', by(goodSub), 0],
    ['none', () => '', 103],
    ['garbage', () => 'abc', 103],
    ['signed by somebody else', by(goodSub, { secret: 'other' }), 103],
    ['one of a connection', by(good), 103],
    ['no algorithm', () => unsigned(goodSub), 103],
    ['of another channel', by({ ...goodSub, channel: other }), 3500],
    ['of another user', by({ ...goodSub, sub: 'ben' }), 3500],
    ['of no user', by({ channel: own, exp: inSeconds(HOUR) }), 3500],
    ['expired', by({ ...goodSub, exp: inSeconds(-1) }), 109],
    ['not valid yet', by({ ...goodSub, nbf: inSeconds(HOUR) }), 109],
    ['without an expiry', by({ sub: 'ann', channel: own }), 0],
  ])('T27 %s', async ([, token, code]) => {
    const wire = await lab.connectedWire(node, await by(good)());
    expect(await wire.codeOf({ subscribe: { channel: own, token: await token() } })).toBe(code);
  });

  test.for([
    ['an unknown namespace', 'nowhere:x', 102],
    ['a name outside of ASCII', 'bare:é', 107],
    ['a name of 256 characters', `bare:${'x'.repeat(251)}`, 107],
  ] as const)('T27 %s', async ([, channel, code]) => {
    const wire = await lab.connectedWire(node, await by(good)());
    const token = await by({ ...good, channel })();
    expect(await wire.codeOf({ subscribe: { channel, token } })).toBe(code);
  });

  test('T27 expire_at is the life of the subscription, whatever the token says of its own', async () => {
    const wire = await lab.connectedWire(node, await by(good)());
    const lives = async (channel: string, claims: Claims) => {
      const token = await by({ ...goodSub, channel, ...claims })();
      const { subscribe } = await wire.call({ subscribe: { channel, token } });
      return subscribe.expires ? subscribe.ttl : null;
    };
    const short = await lives(own, { expire_at: inSeconds(30) });
    expect(short).toBeGreaterThan(20);
    expect(short).toBeLessThanOrEqual(30);
    expect(await lives(other, { expire_at: 0 })).toBe(null);
  });

  test.for<[string, Made, number]>([
    ['a good one', by(goodSub), 0],
    ['of another channel', by({ ...goodSub, channel: other }), 3500],
    ['of another user', by({ ...goodSub, sub: 'ben' }), 3500],
    ['signed by somebody else', by(goodSub, { secret: 'other' }), 3500],
    // Not renewed and not told either: the subscription ends when its time is up.
    ['expired', by({ ...goodSub, exp: inSeconds(-1) }), 0],
  ])('T27 renewed by %s', async ([, token, code]) => {
    const wire = await lab.connectedWire(node, await by(good)());
    await wire.call({ subscribe: { channel: own, token: await by(goodSub)() } });
    const renewal = { sub_refresh: { channel: own, token: await token() } };
    expect(await wire.codeOf(renewal)).toBe(code);
  });
});

describe('T27 what centrifuge-js makes of it', () => {
  test.for<[string, Made, string, State]>([
    ['no token', () => '', 'unsubscribed 1', State.Connected],
    ['a forged token', by(goodSub, { secret: 'other' }), 'unsubscribed 103', State.Connected],
    [
      'a token of another channel',
      by({ ...goodSub, channel: other }),
      'disconnected 3500',
      State.Disconnected,
    ],
    [
      'a token of another user',
      by({ ...goodSub, sub: 'ben' }),
      'disconnected 3500',
      State.Disconnected,
    ],
  ])('T27 %s ends the subscription or the connection for good', async ([, token, told, state]) => {
    const page = lab.listen(node, {
      channel: own,
      subscription: { getToken: async () => token() },
    });
    await page.isTold(told);
    await page.until(() => page.client.state === state, { what: state });
  });

  test('T27 without a token and a way to get one the subscription ends with 103', async () => {
    const page = lab.listen(node, { channel: own, subscription: { getToken: null } });
    await page.isTold('unsubscribed 103');
    expect(page.client.state).toBe('connected');
  });

  test('T27 an expired token is replaced after error 109', async () => {
    const tokens = [by({ ...goodSub, exp: inSeconds(-1) }), by(goodSub)];
    const page = lab.listen(node, {
      channel: own,
      subscription: { getToken: async () => (tokens.shift() ?? by(goodSub))() },
    });
    await page.isTold('subscribed');
    expect(page.told).toEqual(expect.arrayContaining(['error 109', 'subscribed']));
  });

  test('T27 a refusal by our API ends the subscription, any other fault is repeated', async () => {
    const refused = lab.listen(node, {
      channel: own,
      subscription: {
        getToken: async () => {
          throw new UnauthorizedError('not a member');
        },
      },
    });
    let faults = 2;
    const faulty = lab.listen(node, {
      channel: own,
      subscription: {
        getToken: async () => {
          if ((faults -= 1) >= 0) throw new Error('no answer');
          return by(goodSub)();
        },
      },
    });
    await Promise.all([refused.isTold('unsubscribed 1'), faulty.isTold('subscribed')]);
    expect(faulty.told.filter((what) => what === 'error 8')).toHaveLength(2);
    expect([refused.client.state, faulty.client.state]).toEqual(['connected', 'connected']);
  });

  test('T27 a connection is renewed at its expiry, without a reconnect', async () => {
    let asked = 0;
    const page = lab.listen(node, {
      connection: {
        getToken: async () => {
          asked += 1;
          return by({ sub: 'ann', exp: inSeconds(asked < 3 ? 2 : HOUR) })();
        },
      },
    });
    await page.until(() => asked === 3, { what: 'two renewals' });
    expect(page.told).toEqual(['connected']);
  });

  test.for<[string, () => Promise<string>, string]>([
    [
      'a refusal by our API',
      async () => {
        throw new UnauthorizedError('signed out');
      },
      'disconnected 1',
    ],
    ['a forged token', async () => by(good, { secret: 'other' })(), 'disconnected 3500'],
  ])('T27 %s ends the connection for good', async ([, getToken, told]) => {
    const page = lab.listen(node, { connection: { getToken } });
    await page.isTold(told);
  });

  test('T27 a connection that is not renewed is closed with 3005 after expired_close_delay, and comes back', async () => {
    const tokens = [by({ sub: 'ann', exp: inSeconds(2) })];
    let mayRenew = false;
    const page = lab.listen(node, {
      connection: {
        getToken: async () => {
          const first = tokens.shift();
          if (first) return first();
          if (!mayRenew) throw new Error('no answer');
          return by(good)();
        },
      },
    });
    await page.isTold('connecting 3005', { timeoutMs: 20_000 });
    mayRenew = true;
    await page.until(() => page.told.filter((what) => what === 'connected').length === 2, {
      what: 'to be back',
    });
    expect(page.told).toContain('client error 6');
  });
});

describe('T27 renewing a connection', () => {
  test.for<[string, Claims, Made, number]>([
    ['a good token', {}, by(good), 0],
    ['of another user', {}, by({ ...good, sub: 'ben' }), 3500],
    ['signed by somebody else', {}, by(good, { secret: 'other' }), 3500],
    ['expired', {}, by({ ...good, exp: inSeconds(-1) }), 3005],
  ])('T27 %s', async ([, , token, code]) => {
    const wire = await lab.connectedWire(node, await by(good)());
    expect(await wire.codeOf({ refresh: { token: await token() } })).toBe(code);
  });
});

describe('T32 channels that a connection token names', () => {
  const named = (...channels: string[]): Made => by({ ...good, channels });

  test('T32 they are subscribed with the connection, with recovery', async () => {
    const wire = await lab.wire(node);
    const { connect } = await wire.call({ connect: { token: await named(own, 'bare:x')() } });
    expect(connect.subs[own]).toMatchObject({ recoverable: true });
    expect(connect.subs['bare:x'].recoverable ?? false).toBe(false);
  });

  test('T32 an unknown namespace among them refuses the whole connection', async () => {
    const wire = await lab.wire(node);
    expect(await wire.codeOf({ connect: { token: await named('nowhere:x')() } })).toBe(102);
  });

  test('T32 a subscription beside it is 105', async () => {
    const wire = await lab.connectedWire(node, await named(own)());
    expect(await wire.codeOf({ subscribe: { channel: own, token: await by(goodSub)() } })).toBe(
      105,
    );
  });

  test.for<[string, Made, Made, number]>([
    ['the same', named(own), named(own), 0],
    ['one more', by(good), named(own), 3010],
    ['one less', named(own), by(good), 3010],
  ])('T32 a renewal that names %s', async ([, before, after, code]) => {
    const wire = await lab.connectedWire(node, await before());
    expect(await wire.codeOf({ refresh: { token: await after() } })).toBe(code);
  });
});

test.for([
  ['one’s own', 'personal:#ann', 0],
  ['a shared one', 'personal:x#ben,ann', 0],
  ['that of somebody else', 'personal:#ben', 103],
  ['where the namespace does not limit, like any name', 'bare:#ben', 0],
] as const)('T33 a user-limited channel without a token: %s', async ([, channel, code]) => {
  const wire = await lab.connectedWire(node, await by(good)());
  expect(await wire.codeOf({ subscribe: { channel } })).toBe(code);
});

test('T33 a user-limited channel recovers', async () => {
  const channel = 'personal:#cal';
  const page = lab.listen(node, { channel, user: 'cal', subscription: { getToken: null } });
  await page.isTold('subscribed');
  page.client.disconnect();
  await publish(node, { channel, data: 'missed' });
  page.client.connect();
  await page.isTold('recovered');
  await page.hears(1);
});

function unsigned(claims: Claims): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}
