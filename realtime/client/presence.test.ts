import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { fakePage } from '../../test/fake-page.ts';
import type { PresenceSession } from '../contract/index.ts';
import type { Presence } from '../contract/primitives.ts';
import { createCell } from './cell.ts';
import type { ChannelListener } from './channel-listeners.ts';
import { createPresence } from './presence.ts';
import type { RealtimeApi } from './realtime-api.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function presenceOf(userId: string, status: Presence['status'], version = 1): Presence {
  return { userId, status, version, lastSeenAt: '2026-01-01T00:00:00.000Z' };
}

/** Presence with a server made of a map, and a connection that does what the test says. */
function start() {
  const server = new Map<string, Presence>();
  const asked = vi.fn<RealtimeApi['presenceOf']>(async (ids) => ({
    items: ids.flatMap((id) => server.get(id) ?? []),
  }));
  const beat = vi.fn<RealtimeApi['beat']>(async () => ({
    status: 'online',
    chosen: 'auto',
    nextInMs: 25_000,
  }));
  const chooseStatus = vi.fn<RealtimeApi['chooseStatus']>(async (chosen) => ({
    status: chosen === 'invisible' ? 'offline' : 'online',
    chosen,
  }));
  const report = vi.fn<(error: unknown) => void>();
  const watch = createPresence({
    api: {
      presenceOf: asked,
      beat,
      chooseStatus,
      leave: () => undefined,
      subscriptionToken: async () => ({ token: 'token', expiresAt: '' }),
    },
    report,
  });
  const userId = createCell<string | undefined>(undefined);
  const subscribed = new Map<string, ChannelListener>();
  const connection = {
    userId,
    subscribe: (channel: string, listener: ChannelListener) => {
      subscribed.set(channel, listener);
      return () => subscribed.delete(channel);
    },
    offerToken: () => undefined,
    close: () => undefined,
  };
  const page = fakePage();
  const stop = watch.start({ connection, page });
  const become = (status: 'connecting' | 'subscribed') =>
    subscribed.get('chat:me')?.onState({ status, error: null });
  return {
    ...watch,
    server,
    asked,
    beat,
    chooseStatus,
    report,
    page,
    subscribed,
    stop,
    become,
    hear: (data: unknown) => subscribed.get('chat:me')?.onMessage(data),
    lose: () => subscribed.get('chat:me')?.onLoss(),
    arrive: async () => {
      userId.set('me');
      become('subscribed');
      await vi.advanceTimersByTimeAsync(0);
    },
    settle: () => vi.advanceTimersByTimeAsync(20),
    statusOf: (id: string) => watch.view.get().presence.get(id)?.status,
  };
}

function event(presence: Presence) {
  return { type: 'presence', v: 1, eventId: 'e', at: '', epoch: '', ...presence };
}

test('asks wait until we listen and are known to be here, and those of one moment are one request', async () => {
  const { want, asked, arrive, settle, statusOf, server, view } = start();
  server.set('ann', presenceOf('ann', 'online'));
  want('ann');
  want('bob');
  await settle();
  expect(asked).not.toHaveBeenCalled();
  await arrive();
  await settle();
  expect(asked.mock.calls).toEqual([[['ann', 'bob']]]);
  expect(statusOf('ann')).toBe('online');
  expect(statusOf('bob')).toBeUndefined();
  expect(view.get().status).toBe('online');
});

test('nobody is asked for twice, nor with an id that no user can have', async () => {
  const { want, asked, arrive, settle } = start();
  await arrive();
  want('ann');
  want('not a user');
  await settle();
  want('ann');
  await settle();
  expect(asked.mock.calls).toEqual([[['ann']]]);
});

test('more than a hundred become several requests', async () => {
  const { want, asked, arrive, settle } = start();
  await arrive();
  for (let i = 0; i < 250; i += 1) want(`user-${i}`);
  await settle();
  expect(asked.mock.calls.map(([ids]) => ids.length)).toEqual([100, 100, 50]);
});

test('an event changes what is known, and an older one does not', async () => {
  const { want, hear, arrive, settle, statusOf, server } = start();
  server.set('ann', presenceOf('ann', 'online', 5));
  await arrive();
  want('ann');
  await settle();
  hear(event(presenceOf('ann', 'offline', 4)));
  expect(statusOf('ann')).toBe('online');
  hear(event(presenceOf('ann', 'away', 6)));
  expect(statusOf('ann')).toBe('away');
});

test('an event that overtakes the answer stays', async () => {
  const { want, hear, arrive, settle, statusOf, asked } = start();
  await arrive();
  asked.mockImplementationOnce(async () => {
    hear(event(presenceOf('ann', 'away', 6)));
    return { items: [presenceOf('ann', 'online', 5)] };
  });
  want('ann');
  await settle();
  expect(statusOf('ann')).toBe('away');
});

test('unheard means unknown: while not subscribed, and known again after it', async () => {
  const { want, become, arrive, settle, statusOf, server, asked } = start();
  server.set('ann', presenceOf('ann', 'online'));
  await arrive();
  want('ann');
  await settle();
  become('connecting');
  expect(statusOf('ann')).toBe('unknown');
  become('subscribed');
  expect(statusOf('ann')).toBe('online');
  await settle();
  expect(asked).toHaveBeenCalledTimes(1);
});

test.each(['loss', 'resync event', 'lapsed heartbeat'])(
  'after a %s everybody is asked for again',
  async (what) => {
    const { want, lose, hear, page, arrive, settle, statusOf, server } = start();
    server.set('ann', presenceOf('ann', 'online', 1));
    await arrive();
    want('ann');
    hear(event(presenceOf('bob', 'online', 1)));
    await settle();
    server.set('ann', presenceOf('ann', 'offline', 2));
    server.set('bob', presenceOf('bob', 'away', 2));
    if (what === 'loss') void lose();
    if (what === 'resync event') hear({ type: 'presence_resync' });
    if (what === 'lapsed heartbeat') {
      page.leave();
      page.comeBack();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(statusOf('ann')).toBe('unknown');
    await settle();
    expect([statusOf('ann'), statusOf('bob')]).toEqual(['offline', 'away']);
  },
);

test('a failed request is reported and repeated', async () => {
  const { want, asked, arrive, settle, statusOf, report, server } = start();
  server.set('ann', presenceOf('ann', 'online'));
  asked.mockRejectedValueOnce(new Error('503'));
  await arrive();
  want('ann');
  await settle();
  expect(report).toHaveBeenCalledExactlyOnceWith(new Error('503'));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(statusOf('ann')).toBe('online');
});

test('events of other kinds, or not of the contract, are ignored', async () => {
  const { hear, arrive, view } = start();
  await arrive();
  for (const data of [
    null,
    1,
    'text',
    {},
    { type: 'new_message' },
    { type: 'presence' },
    { type: 'presence', userId: 'ann', status: 'asleep' },
  ]) {
    hear(data);
  }
  expect(view.get().presence.size).toBe(0);
});

test('stopping leaves the channel and knows nothing any more', async () => {
  const { want, stop, arrive, settle, statusOf, server, subscribed, view } = start();
  server.set('ann', presenceOf('ann', 'online'));
  await arrive();
  want('ann');
  await settle();
  stop();
  expect(subscribed.size).toBe(0);
  expect(statusOf('ann')).toBe('unknown');
  expect(view.get().status).toBe('unknown');
  expect(vi.getTimerCount()).toBe(0);
});

/** Answers of the server that come when the test says. */
function laterAnswers() {
  const answers: PromiseWithResolvers<PresenceSession>[] = [];
  return {
    answers,
    call: () => {
      const answer = Promise.withResolvers<PresenceSession>();
      answers.push(answer);
      return answer.promise;
    },
  };
}
const said = (status: PresenceSession['status'], chosen: PresenceSession['chosen']) => ({
  ...{ status, chosen, nextInMs: 25_000 },
});

test('a choice waits for the beat before it, and is not taken back by its answer', async () => {
  const { view, beat, chooseStatus, choose } = start();
  await vi.advanceTimersByTimeAsync(0);
  expect(view.get()).toMatchObject({ status: 'online', chosen: 'auto' });

  const { answers, call } = laterAnswers();
  beat.mockImplementationOnce(call);
  await vi.advanceTimersByTimeAsync(25_000);
  const chosen = choose('invisible');
  await vi.advanceTimersByTimeAsync(0);
  expect(chooseStatus).not.toHaveBeenCalled();
  answers[0]!.resolve(said('online', 'auto'));
  await chosen;
  expect(view.get()).toMatchObject({ status: 'offline', chosen: 'invisible' });

  // Another device chose again.
  beat.mockResolvedValue(said('away', 'away'));
  await vi.advanceTimersByTimeAsync(25_000);
  expect(view.get()).toMatchObject({ status: 'away', chosen: 'away' });
});

test('of two choices the later one reaches the server later and holds', async () => {
  const { view, chooseStatus, choose } = start();
  await vi.advanceTimersByTimeAsync(0);
  const { answers, call } = laterAnswers();
  chooseStatus.mockImplementation(call);
  const both = Promise.all([choose('away'), choose('invisible')]);
  await vi.advanceTimersByTimeAsync(0);
  expect(chooseStatus.mock.calls).toEqual([['away']]);
  answers[0]!.resolve(said('away', 'away'));
  await vi.advanceTimersByTimeAsync(0);
  expect(chooseStatus.mock.calls).toEqual([['away'], ['invisible']]);
  answers[1]!.resolve(said('offline', 'invisible'));
  await both;
  expect(view.get()).toMatchObject({ status: 'offline', chosen: 'invisible' });
});

test('what is answered after the end is not known again, and a beat that waited is not sent any more', async () => {
  const { view, beat, chooseStatus, choose, stop } = start();
  await vi.advanceTimersByTimeAsync(0);
  const { answers, call } = laterAnswers();
  chooseStatus.mockImplementation(call);
  const chosen = choose('away');
  const beats = beat.mock.calls.length;
  await vi.advanceTimersByTimeAsync(25_000);
  stop();
  answers[0]!.resolve(said('away', 'away'));
  await chosen;
  await vi.advanceTimersByTimeAsync(0);
  expect(view.get()).toMatchObject({ status: 'unknown', chosen: 'unknown' });
  expect(beat).toHaveBeenCalledTimes(beats);
});

test('a choice that could not be stored is rejected and changes nothing', async () => {
  const { view, chooseStatus, choose } = start();
  await vi.advanceTimersByTimeAsync(0);
  chooseStatus.mockRejectedValueOnce(new Error('503'));
  await expect(choose('away')).rejects.toThrow('503');
  expect(view.get()).toMatchObject({ status: 'online', chosen: 'auto' });
});
