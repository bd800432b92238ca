import { chatChannel } from '@rov/realtime';
import { createTokenIssuer } from '@rov/realtime/server';
import { Centrifuge, State } from 'centrifuge';
import { describe, expect, onTestFinished, test } from 'vitest';

import { changeAccess } from '../../../core/ops/access.ts';
import type { AccessAction } from '../../../core/ops/access.ts';
import { stackForFile } from '../../harness/in-file.ts';
import { mintToken } from '../../harness/people.ts';
import type { Person } from '../../harness/people.ts';
import { openPlainPage } from '../../harness/plain-page.ts';
import type { PlainPage } from '../../harness/plain-page.ts';
import { createRest, RestProblem } from '../../harness/rest.ts';
import { until } from '../../harness/until.ts';

const stack = await stackForFile({ apis: 2 });
const { sql } = stack.database;

/** What another process may not know yet, and a moment more. */
const KNOWN_EVERYWHERE_MS = 3_000;

function open(person: Person): PlainPage {
  const page = openPlainPage({
    person,
    url: stack.centrifugo.wsUrl,
    channel: chatChannel(person.id),
  });
  onTestFinished(() => page.close());
  return page;
}

const subscribed = (pages: PlainPage[]): Promise<unknown> =>
  Promise.all(
    pages.map((page) =>
      page.until(() => page.subscription.state.toString() === 'subscribed', 'a subscription'),
    ),
  );

function operator(action: AccessAction, userId: string) {
  const deed = { operator: 'olga', reason: 'a test' };
  return changeAccess(sql, { userId, action, deed, ring: () => undefined });
}

async function code(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof RestProblem) return `${error.status} ${error.code}`;
    throw error;
  }
  return 'taken';
}

const atOtherApi = ({ token }: Person) => createRest({ baseUrl: stack.apis[1]!.url, token });

/** The same person with a token of a later second. */
async function signInAgain(person: Person): Promise<Person> {
  const second = Math.floor(Date.now() / 1_000);
  await until(() => Math.floor(Date.now() / 1_000) > second, {
    timeoutMs: 2_000,
    what: 'a second',
  });
  const token = await mintToken(stack.identity, { sub: person.id, name: person.name });
  return { ...person, token, rest: createRest({ baseUrl: stack.api.url, token }) };
}

describe('signing out everywhere', () => {
  test('closes all connections for good, refuses the old token everywhere, and takes a new one', async () => {
    const [ann, ben] = await stack.people.persons('Ann', 'Ben');
    const pages = [open(ann!), open(ann!)];
    const other = open(ben!);
    await subscribed([...pages, other]);
    expect(await code(atOtherApi(ann!).unread())).toBe('taken');
    expect((await ann!.rest.signOut()).status).toBe(204);

    // At once here, and where a new connection would begin; elsewhere a moment later.
    expect(await code(ann!.rest.unread())).toBe('401 signed_out');
    expect(await code(atOtherApi(ann!).realtimeToken())).toBe('401 signed_out');
    expect(await code(atOtherApi(ann!).subscriptionToken(chatChannel(ann!.id)))).toBe(
      '401 signed_out',
    );
    await until(async () => (await code(atOtherApi(ann!).unread())) === '401 signed_out', {
      timeoutMs: KNOWN_EVERYWHERE_MS,
      what: 'the other API to know',
    });
    for (const page of pages) {
      await page.until(() => page.connectionEnds.length > 0, 'the end of the connection');
      expect(page.connectionEnds).toEqual([4501]);
      expect(page.client.state).toBe(State.Disconnected);
    }
    expect(other.connectionEnds).toEqual([]);
    expect(await code(ben!.rest.unread())).toBe('taken');

    const again = await signInAgain(ann!);
    expect(await code(again.rest.unread())).toBe('taken');
    await subscribed([open(again)]);
  });

  test('has others see them offline', async () => {
    const [ann, ben] = await stack.people.persons('Ann', 'Ben');
    await ann!.rest.connect(ben!.id);
    await Promise.all([ann!, ben!].map(({ rest }) => rest.beat('page', 'active')));
    expect((await ben!.rest.presence([ann!.id])).items).toMatchObject([{ status: 'online' }]);
    await ann!.rest.signOut();
    expect((await ben!.rest.presence([ann!.id])).items).toMatchObject([{ status: 'offline' }]);
    expect(await code(ann!.rest.beat('page', 'active'))).toBe('401 signed_out');
  });

  test('also works by an operator’s word', async () => {
    const [ann] = await stack.people.persons('Ann');
    const page = open(ann!);
    await subscribed([page]);
    expect(await operator('sign-out', ann!.id)).toEqual({ users: 1, changed: 1 });
    await page.until(() => page.connectionEnds.includes(4501), 'the end of the connection');
    expect(await code(ann!.rest.realtimeToken())).toBe('401 signed_out');
  });
});

describe('a ban', () => {
  test('closes all connections for good and refuses all tokens, new ones too, until it is lifted', async () => {
    const [ann] = await stack.people.persons('Ann');
    const pages = [open(ann!), open(ann!)];
    await subscribed(pages);
    expect(await operator('ban', ann!.id)).toEqual({ users: 1, changed: 1 });
    expect(await operator('ban', ann!.id)).toEqual({ users: 1, changed: 0 });
    for (const page of pages) {
      await page.until(() => page.connectionEnds.length > 0, 'the end of the connection');
      expect(page.connectionEnds).toEqual([4501]);
      expect(page.client.state).toBe(State.Disconnected);
    }
    expect(await code(ann!.rest.realtimeToken())).toBe('403 banned');
    const again = await signInAgain(ann!);
    expect(await code(again.rest.realtimeToken())).toBe('403 banned');
    expect(await code(again.rest.unread())).toBe('403 banned');

    // A page that tries all the same is told that it is in vain, and stops.
    const page = new Centrifuge(stack.centrifugo.wsUrl, {
      getToken: async () => ((await code(again.rest.realtimeToken())) === '403 banned' ? '' : 'x'),
    });
    onTestFinished(() => page.disconnect());
    const ended = Promise.withResolvers<number>();
    page.on('disconnected', (ending) => ended.resolve(ending.code));
    page.connect();
    await ended.promise;
    expect(page.state).toBe(State.Disconnected);

    expect(await operator('unban', ann!.id)).toEqual({ users: 1, changed: 1 });
    expect(await code(again.rest.realtimeToken())).toBe('taken');
  });

  test('leaves a client that kept its tokens nothing to hear once that of a channel has run out', async () => {
    const [ann] = await stack.people.persons('Ann');
    const channel = chatChannel(ann!.id);
    const tokens = createTokenIssuer({ hmacSecret: stack.centrifugo.hmacSecret });
    const toConnect = await tokens.connectionToken({ userId: ann!.id });
    const toHear = await tokens.subscriptionToken({
      ...{ userId: ann!.id, channel, expiresInSeconds: 2 },
    });
    await operator('ban', ann!.id);
    await until(() => Date.now() > Date.parse(toHear.expiresAt), {
      timeoutMs: 5_000,
      what: 'the token to have run out',
    });
    let asked = 0;
    const page = openPlainPage({
      ...{ person: ann!, url: stack.centrifugo.wsUrl, channel },
      getConnectionToken: async () => toConnect.token,
      getToken: async () => {
        asked += 1;
        if (asked === 1) return toHear.token;
        await expect(ann!.rest.subscriptionToken(channel)).rejects.toMatchObject({
          code: 'banned',
        });
        return '';
      },
    });
    onTestFinished(() => page.close());
    await page.until(() => page.ends.length > 0, 'the end of the subscription');
    expect([asked, page.heard]).toEqual([2, []]);
    // It got in: what it may hear is what counts.
    expect(page.client.state).toBe(State.Connected);
  });

  test('is recorded with who and why, also where there is nobody of that id', async () => {
    expect(await operator('ban', 'nobody-here')).toEqual({ users: 0, changed: 0 });
    const [action] = await sql`
      SELECT operator, action, reason, target, outcome FROM operator_actions
      ORDER BY id DESC LIMIT 1`;
    expect(action).toEqual({
      ...{ operator: 'olga', action: 'ban', reason: 'a test' },
      target: { userId: 'nobody-here' },
      outcome: { users: 0, changed: 0 },
    });
  });
});
