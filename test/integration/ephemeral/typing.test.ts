import { randomUUID } from 'node:crypto';

import { conversationChannel, TypingEvent, ViewingEvent } from '@rov/realtime';
import { createCentrifugeServerClient } from '@rov/realtime/server';
import { Centrifuge } from 'centrifuge';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';

import { freePort } from '../../../embedded/ports.ts';
import { centrifugoIsGiven } from '../../harness/centrifugo.ts';
import { stackForFile } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import type { Recorder } from '../../harness/recorder.ts';
import { RestProblem } from '../../harness/rest.ts';
import { until } from '../../harness/until.ts';

const metricsPort = await freePort();
const stack = await stackForFile({ apiEnv: { METRICS_PORT: String(metricsPort) } });
const { people, centrifugo } = stack;
const server = createCentrifugeServerClient({ url: centrifugo.url, apiKey: centrifugo.apiKey });
afterAll(() => server.close());

const SOON = { timeoutMs: 5_000 };
const message = (content: string) => ({ clientId: randomUUID(), content });
const types = (page: Recorder) => page.raw.map(({ data }) => data['type']);
const states = (page: Recorder, type: 'typing' | 'viewing') =>
  page.raw.filter(({ data }) => data['type'] === type).map(({ data }) => data['state']);

/** A page of somebody who has the conversation open. */
async function open(person: Person, conversationId: string): Promise<Recorder> {
  const page = stack.record({ person, conversations: [conversationId], chat: true });
  await page.ready();
  return page;
}

/** Everything that was published before has arrived once this has. */
async function say(from: Person, conversationId: string, pages: Recorder[]): Promise<void> {
  const { body } = await from.rest.send(conversationId, message('and now this'));
  for (const page of pages) {
    await page.until(() => page.shown(conversationId).some(({ id }) => id === body.id), {
      ...SOON,
      what: 'the message',
    });
  }
}

async function refusal(call: Promise<unknown>): Promise<string> {
  const fault = await call.then(
    () => new Error('was answered as a success'),
    (error: unknown) => error,
  );
  if (!(fault instanceof RestProblem)) throw fault;
  return `${fault.status} ${fault.code}`;
}

/** How many events there were of each outcome. */
async function counted(): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const lines = text.matchAll(/^rov_ephemeral_events_total\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries(Array.from(lines, ([, name, value]) => [name, Number(value)]));
}

const kinds = [
  ['typing', TypingEvent, 7_000],
  ['viewing', ViewingEvent, 60_000],
] as const;

test('of somebody invisible nobody hears that they look, and everybody that they type', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const id = await people.direct(ann!, ben!);
  const page = await open(ben!, id);
  await ann!.rest.chooseStatus('invisible');
  expect((await ann!.rest.viewing(id, 'start')).body).toEqual({ expiresInMs: 0 });
  await ann!.rest.typing(id, 'start');
  await page.until(() => states(page, 'typing').length === 1, { ...SOON, what: 'the typing' });
  expect(states(page, 'viewing')).toEqual([]);

  await ann!.rest.chooseStatus('auto');
  await ann!.rest.viewing(id, 'start');
  await page.until(() => states(page, 'viewing').length === 1, { ...SOON, what: 'the look' });
});

describe.each(kinds)('%s', (kind, shape, lifeMs) => {
  test.each(['direct', 'group'] as const)(
    'in a %s conversation is heard by those who have it open, other devices included, in order',
    async (of) => {
      const [ann, ben] = await people.persons('Ann', 'Ben');
      const id = await (of === 'direct' ? people.direct(ann!, ben!) : people.group(ann!, ben!));
      const pages = [await open(ben!, id), await open(ann!, id)];
      const before = Date.now();

      const started = await ann!.rest[kind](id, 'start');
      expect([started.status, started.body]).toEqual([202, { expiresInMs: lifeMs }]);
      for (const page of pages) {
        await page.until(() => states(page, kind).length === 1, { ...SOON, what: 'the start' });
      }
      const event = shape.parse(pages[0]!.raw.find(({ data }) => data['type'] === kind)?.data);
      expect(event).toEqual({
        v: 1,
        type: kind,
        conversationId: id,
        userId: ann!.id,
        state: 'start',
        at: expect.any(String),
        expiresInMs: lifeMs,
      });
      expect(Date.parse(event.at)).toBeGreaterThanOrEqual(before - 1_000);

      expect((await ann!.rest[kind](id, 'stop')).body).toEqual({ expiresInMs: 0 });
      for (const page of pages) {
        await page.until(() => states(page, kind).length === 2, { ...SOON, what: 'the end' });
        expect(states(page, kind)).toEqual(['start', 'stop']);
        expect(page.malformed).toEqual([]);
      }
    },
  );

  test('is refused to a stranger and to somebody who was removed, and not told', async () => {
    const [ann, ben, cleo] = await people.persons('Ann', 'Ben', 'Cleo');
    const id = await people.group(ann!, ben!, cleo!);
    const page = await open(ben!, id);
    await ann!.rest.removeMember(id, cleo!.id);
    const stranger = await people.person('Dora');
    for (const person of [cleo!, stranger]) {
      expect(await refusal(person.rest[kind](id, 'start'))).toBe('404 not_found');
      expect(await refusal(person.rest[kind](id, 'stop'))).toBe('404 not_found');
    }
    await say(ann!, id, [page]);
    expect(states(page, kind)).toEqual([]);
  });

  test('is told of one and the same only so often, however often it is said', async () => {
    const [ann, ben] = await people.persons('Ann', 'Ben');
    const id = await people.direct(ann!, ben!);
    const page = await open(ben!, id);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => ann!.rest[kind](id, 'start')),
    );
    for (const { status, body } of answers) {
      expect(status).toBe(202);
      expect(body.expiresInMs).toBeGreaterThan(lifeMs - 2_000);
    }
    await say(ann!, id, [page]);
    // On a machine that took two seconds over it, another one.
    expect(states(page, kind).length).toBeLessThanOrEqual(2);
    expect(states(page, kind)[0]).toBe('start');
  });

  test('is told nobody in a conversation of more than a hundred, and the answer says so', async () => {
    const [ann, ben] = await people.persons('Ann', 'Ben');
    const id = await people.group(ann!, ben!);
    const crowd = Array.from({ length: 98 }, (_, n) => `${ann!.id}-${n}`);
    await stack.database.sql`
      INSERT INTO users (id, name, shard) SELECT id, 'One of many', 0 FROM unnest(${crowd}::text[]) id`;
    await ann!.rest.addMembers(id, crowd);
    expect((await ann!.rest[kind](id, 'start')).body).toEqual({ expiresInMs: lifeMs });
    const page = await open(ben!, id);
    await ann!.rest.addMembers(id, [(await people.person('Eve')).id]);
    expect((await ben!.rest[kind](id, 'start')).body).toEqual({ expiresInMs: 0 });
    await say(ann!, id, [page]);
    expect(states(page, kind)).toEqual([]);
  });
});

describe('what is told once', () => {
  test('is in no table and no history, and has no number', async () => {
    const [ann, ben] = await people.persons('Ann', 'Ben');
    const id = await people.direct(ann!, ben!);
    const page = await open(ben!, id);
    await ann!.rest.send(id, message('first'));
    await ann!.rest.typing(id, 'start');
    await ann!.rest.viewing(id, 'start');
    await page.until(() => ['typing', 'viewing'].every((type) => types(page).includes(type)), {
      ...SOON,
      what: 'both',
    });
    await say(ann!, id, [page]);

    const { publications } = await server.history({ channel: conversationChannel(id), limit: -1 });
    const kept = publications.map(({ data }) => (data as { type: string }).type);
    expect(kept).toEqual(['message', 'message']);
    const told = page.raw.filter(({ data }) => /typing|viewing/.test(String(data['type'])));
    for (const { offset, data } of told) {
      expect(offset ?? 0).toBe(0);
      expect(data).not.toHaveProperty('ev');
      expect(data).not.toHaveProperty('eventId');
    }
    const [rows] = await stack.database.sql`
      SELECT ev::int, (SELECT count(*) FROM outbox WHERE conversation_id = c.id)::int
        + (SELECT count(*) FROM deliveries WHERE conversation_id = c.id)::int AS events
      FROM conversations c WHERE id = ${id}`;
    // The third one announced the conversation to the lists of both.
    expect(rows).toEqual({ ev: 2, events: 3 });
  });

  test('neither comes to who subscribes later nor to who recovers, and disturbs no number', async () => {
    const [ann, ben] = await people.persons('Ann', 'Ben');
    const id = await people.direct(ann!, ben!);
    const channel = conversationChannel(id);
    const witness = await open(ben!, id);
    await say(ann!, id, [witness]);
    const since = await ben!.rest.position(channel);
    await ann!.rest.typing(id, 'start');
    await witness.until(() => types(witness).includes('typing'), { ...SOON, what: 'the start' });
    await say(ann!, id, [witness]);

    const heard = await recover(ben!, channel, since);
    expect(heard).toEqual(['message']);
    const later = await open(ben!, id);
    await say(ann!, id, [later, witness]);
    expect(types(later)).not.toContain('typing');
    expect(witness.refetches()).toBe(0);
  });
});

/** What somebody hears who comes back with the position that they knew. */
async function recover(
  person: Person,
  channel: string,
  since: { offset: number; epoch: string },
): Promise<string[]> {
  const heard: string[] = [];
  const client = new Centrifuge(centrifugo.wsUrl, {
    getToken: async () => (await person.rest.realtimeToken()).token,
  });
  onTestFinished(() => client.disconnect());
  const subscription = client.newSubscription(channel, {
    since,
    getToken: async () => (await person.rest.subscriptionToken(channel)).token,
  });
  subscription.on('publication', ({ data }) => heard.push(data.type));
  let hasRecovered = false;
  subscription.on('subscribed', ({ wasRecovering, recovered }) => {
    hasRecovered = wasRecovering && recovered;
  });
  subscription.subscribe();
  client.connect();
  await until(() => hasRecovered && heard.length > 0, { ...SOON, what: 'the recovery' });
  return heard;
}

describe.skipIf(centrifugoIsGiven)('while Centrifugo', () => {
  test('hangs, the answers do not wait for it, and what waits is bounded and given up', async () => {
    const [ann, ...others] = await people.persons('Ann', 'Ben', 'Cleo', 'Dora');
    const ids = await Promise.all(others.map((other) => people.direct(ann!, other)));
    await centrifugo.pause();
    const startedAt = performance.now();
    try {
      for (let round = 0; round < 10; round += 1) {
        for (const id of ids) {
          expect((await ann!.rest.typing(id, round % 2 ? 'stop' : 'start')).status).toBe(202);
        }
      }
      // One request to Centrifugo takes its deadline of a second: thirty that waited would take half a minute.
      expect(performance.now() - startedAt).toBeLessThan(8_000);
      await expect
        .poll(async () => (await counted())['lost'] ?? 0, SOON_TO_POLL)
        .toBeGreaterThan(0);
    } finally {
      await centrifugo.resume();
    }
  });

  test('is down, they are answered as ever, and after it is back others hear again', async () => {
    const [ann, ben] = await people.persons('Ann', 'Ben');
    const id = await people.direct(ann!, ben!);
    const page = await open(ben!, id);
    await centrifugo.kill();
    const { lost: lostBefore = 0 } = await counted();
    expect((await ann!.rest.typing(id, 'start')).status).toBe(202);
    expect((await ann!.rest.viewing(id, 'start')).status).toBe(202);
    expect((await ann!.rest.typing(id, 'stop')).status).toBe(202);
    await expect
      .poll(async () => (await counted())['lost'] ?? 0, SOON_TO_POLL)
      .toBeGreaterThan(lostBefore);
    await centrifugo.restart();
    await page.ready();
    await say(ann!, id, [page]);
    expect(types(page)).not.toContain('typing');

    await until(async () => (await ann!.rest.typing(id, 'start')).body.expiresInMs === 7_000, {
      ...SOON,
      what: 'the pace to let it pass',
    });
    await page.until(() => states(page, 'typing').length > 0, { ...SOON, what: 'the start' });
    // Lost ones are nobody's concern: none is a line of the log.
    expect(stack.api.output()).not.toMatch(/typing.*(lost|fail)/i);
  });
});

const SOON_TO_POLL = { timeout: 5_000 };
