import { randomUUID } from 'node:crypto';

import { conversationChannel } from '@rov/realtime';
import { createTokenIssuer } from '@rov/realtime/server';
import { SubscriptionState } from 'centrifuge';
import { describe, expect, onTestFinished, test } from 'vitest';

import { pause, resume } from '../../../core/ops/pause.ts';
import { allShards } from '../../../core/outbox/shards.ts';
import { stackForFile } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import { openPlainPage } from '../../harness/plain-page.ts';
import type { PlainPage } from '../../harness/plain-page.ts';
import { RestProblem } from '../../harness/rest.ts';
import { until } from '../../harness/until.ts';

const stack = await stackForFile();
const { sql } = stack.database;
const tokens = createTokenIssuer({ hmacSecret: stack.centrifugo.hmacSecret });
const deed = { operator: 'olga', reason: 'a test' };

/** Ann's group with Ben in it, and what Ann has said there. */
async function talk() {
  const [ann, ben] = await stack.people.persons('Ann', 'Ben');
  const id = await stack.people.group(ann!, ben!);
  const say = async (content: string): Promise<void> => {
    await ann!.rest.send(id, { clientId: randomUUID(), content });
  };
  return { ann: ann!, ben: ben!, id, channel: conversationChannel(id), say };
}

function open(
  person: Person,
  conversationId: string,
  more: Partial<Parameters<typeof openPlainPage>[0]> = {},
): PlainPage {
  const channel = conversationChannel(conversationId);
  const page = openPlainPage({ person, url: stack.centrifugo.wsUrl, channel, ...more });
  onTestFinished(() => page.close());
  return page;
}

const subscribed = (page: PlainPage): Promise<void> =>
  page.until(() => page.subscription.state === SubscriptionState.Subscribed, 'a subscription');

const said = ({ heard }: PlainPage): string[] =>
  heard.flatMap(({ message }) => (message ? [(message as { content: string }).content] : []));

/** Nothing that was said until now is still on its way. */
const delivered = (): Promise<void> =>
  until(async () => (await sql`SELECT FROM outbox LIMIT 1`).length === 0, {
    timeoutMs: 10_000,
    what: 'everything to be delivered',
  });

/** Everything that happens in `work` is delivered together. */
async function atOnce(work: () => Promise<void>): Promise<void> {
  const ring = (): void => undefined;
  await pause(sql, { shards: allShards, deed });
  await work();
  await resume(sql, { shards: allShards, deed, ring });
  await delivered();
}

async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof RestProblem) return `${error.status} ${error.code}`;
    throw error;
  }
  return 'none';
}

describe('somebody who is removed', () => {
  test('hears nothing that is said afterwards, however much is said at once', async () => {
    const { ann, ben, id, say } = await talk();
    const page = open(ben, id);
    await subscribed(page);
    let isRemoved = false;
    const speaking = Array.from({ length: 4 }, async (_, speaker) => {
      let left = 10;
      for (let n = 0; left > 0; n += 1) {
        if (isRemoved) left -= 1;
        await say(`${speaker}.${n}`);
      }
    });
    try {
      await page.until(() => page.heard.length > 10, 'some messages');
      await ann.rest.removeMember(id, ben.id);
    } finally {
      isRemoved = true;
    }
    await Promise.all(speaking);
    await page.until(() => page.ends.length > 0, 'the end of the subscription');
    await delivered();
    const [row] = await sql`
      SELECT left_ev::int AS "leftEv", (last_seq - left_seq)::int AS behind
      FROM members JOIN conversations ON conversations.id = conversation_id
      WHERE conversation_id = ${id} AND user_id = ${ben.id}`;
    expect(page.ends).toEqual([2000]);
    expect(page.heard.map(({ ev }) => ev)).toEqual(
      Array.from({ length: row!['leftEv'] - 1 }, (_, n) => n + 1),
    );
    // Something was said behind it that there was to hear.
    expect(row!['behind']).toBeGreaterThanOrEqual(40);
  });

  test('gets no token any more, and no answer by which to tell the conversation from none', async () => {
    const { ann, ben, id, channel } = await talk();
    await ann.rest.removeMember(id, ben.id);
    expect(await refusal(ben.rest.subscriptionToken(channel))).toBe('403 channel_refused');
    expect(await refusal(ben.rest.position(channel))).toBe('403 channel_refused');
    expect(await refusal(ben.rest.messages(id))).toBe('404 not_found');
  });

  test('and comes back with a token that was kept is out again when that has run out', async () => {
    const { ann, ben, id, channel, say } = await talk();
    const lifeSeconds = 4;
    const kept = await tokens.subscriptionToken({
      ...{ userId: ben.id, channel, expiresInSeconds: lifeSeconds },
    });
    const page = open(ben, id, { getToken: async () => kept.token });
    await subscribed(page);
    await ann.rest.removeMember(id, ben.id);
    const due = await sql`
      UPDATE revocations SET due_at = due_at - interval '30 seconds' + ${lifeSeconds} * interval '1 second'
      WHERE conversation_id = ${id} RETURNING due_at > clock_timestamp() AS "isAhead"`;
    expect(due).toEqual([{ isAhead: true }]);
    await page.until(() => page.ends.length === 1, 'the first end');
    page.subscription.subscribe();
    await subscribed(page);
    await say('for those who cheat');
    await page.until(() => said(page).includes('for those who cheat'), 'what is said meanwhile');

    await page.until(() => page.ends.length > 1, 'the second end', 20_000);
    await say('for nobody else');
    page.subscription.subscribe();
    await delivered();
    await until(() => Date.now() > Date.parse(kept.expiresAt) + 1_000, {
      timeoutMs: 10_000,
      what: 'the token to have run out',
    });
    expect(page.subscription.state).not.toBe(SubscriptionState.Subscribed);
    expect(said(page)).not.toContain('for nobody else');
    const left = await sql`SELECT FROM revocations WHERE conversation_id = ${id}`;
    expect(left).toHaveLength(0);
  }, 40_000);

  test('while they were away hears nothing when they come back behind the life of a token', async () => {
    const { ann, ben, id, channel, say } = await talk();
    const first = await tokens.subscriptionToken({
      ...{ userId: ben.id, channel, expiresInSeconds: 2 },
    });
    const given = [first.token];
    const asked: string[] = [];
    const page = open(ben, id, {
      getToken: async () => {
        asked.push('token');
        return given.pop() ?? '';
      },
    });
    await subscribed(page);
    page.client.disconnect();
    await ann.rest.removeMember(id, ben.id);
    await say('behind their back');
    await until(() => Date.now() > Date.parse(first.expiresAt) + 1_000, {
      timeoutMs: 10_000,
      what: 'the token to have run out',
    });
    page.client.connect();
    // The client asks for another token, and is given none.
    await page.until(() => page.ends.length > 0, 'the end of the subscription');
    expect(asked).toHaveLength(2);
    expect(said(page)).toEqual([]);
  }, 20_000);
});

describe('somebody who comes back', () => {
  test('at once goes on listening', async () => {
    const { ann, ben, id, say } = await talk();
    const page = open(ben, id);
    await subscribed(page);
    await atOnce(async () => {
      await ann.rest.removeMember(id, ben.id);
      await ann.rest.addMembers(id, [ben.id]);
    });
    await say('welcome');
    await page.until(() => said(page).includes('welcome'), 'the welcome');
    expect(page.ends).toEqual([]);
  });

  test('does not hear what was said meanwhile, and listens again once they are told', async () => {
    const { ann, ben, id, say } = await talk();
    const page = open(ben, id);
    await subscribed(page);
    await atOnce(async () => {
      await ann.rest.removeMember(id, ben.id);
      await say('behind their back');
      await ann.rest.addMembers(id, [ben.id]);
    });
    await page.until(() => page.ends.length > 0, 'the end of the subscription');
    page.subscription.subscribe();
    await subscribed(page);
    await say('welcome');
    await page.until(() => said(page).includes('welcome'), 'the welcome');
    expect(said(page)).not.toContain('behind their back');
  });

  test('is not silenced by the second end of their subscription', async () => {
    const { ann, ben, id, channel, say } = await talk();
    await ann.rest.removeMember(id, ben.id);
    await delivered();
    const { token } = await tokens.subscriptionToken({ userId: ben.id, channel });
    const page = open(ben, id, { getToken: async () => token });
    await atOnce(async () => {
      await sql`UPDATE revocations SET due_at = clock_timestamp() WHERE conversation_id = ${id}`;
      const second = () =>
        sql`SELECT FROM outbox WHERE conversation_id = ${id} AND kind = 'unsubscribe'`;
      await until(async () => (await second()).length > 0, {
        timeoutMs: 10_000,
        what: 'the second end',
      });
      await ann.rest.addMembers(id, [ben.id]);
      await subscribed(page);
    });
    await say('welcome');
    await page.until(() => said(page).includes('welcome'), 'the welcome');
    expect(page.ends).toEqual([]);
  });

  test('in time has no second end coming', async () => {
    const { ann, ben, id } = await talk();
    const waiting = () => sql`SELECT FROM revocations WHERE conversation_id = ${id}`;
    await ann.rest.removeMember(id, ben.id);
    expect(await waiting()).toHaveLength(1);
    await ann.rest.addMembers(id, [ben.id]);
    expect(await waiting()).toHaveLength(0);
  });
});

describe('a newcomer', () => {
  const FROM_THE_FIRST = { offset: 0, epoch: '' };

  test('recovers nothing that was said before, from whatever position they ask', async () => {
    const { ann, ben, id, say } = await talk();
    const [cleo] = await stack.people.persons('Cleo');
    for (const content of ['one', 'two', 'three']) await say(content);
    await delivered();
    // The control: who was there recovers it in this way.
    const old = open(ben, id, { since: FROM_THE_FIRST });
    await old.until(() => said(old).length === 3, 'what was said');

    await ann.rest.addMembers(id, [cleo!.id]);
    const page = open(cleo!, id, { since: FROM_THE_FIRST });
    await subscribed(page);
    await say('welcome');
    await page.until(() => said(page).includes('welcome'), 'the welcome');
    const [row] = await sql`
      SELECT joined_ev::int AS ev FROM members WHERE conversation_id = ${id} AND user_id = ${cleo!.id}`;
    for (const { ev } of page.heard) expect(ev).toBeGreaterThanOrEqual(row!['ev'] as number);
    expect(said(page)).not.toContain('three');
  });

  test('gets no token before what was said is out of reach', async () => {
    const { ann, id, channel } = await talk();
    const [cleo] = await stack.people.persons('Cleo');
    await atOnce(async () => {
      await ann.rest.addMembers(id, [cleo!.id]);
      expect(await refusal(cleo!.rest.subscriptionToken(channel))).toBe(
        '503 conversation_not_ready',
      );
    });
    expect(await cleo!.rest.subscriptionToken(channel)).toHaveProperty('token');
  });

  test('leaves those who are there with what they have, and those who are away with all of it', async () => {
    const { ann, ben, id, say } = await talk();
    const [cleo] = await stack.people.persons('Cleo');
    const there = stack.record({ person: ann, conversations: [id] });
    const away = stack.record({ person: ben, conversations: [id] });
    await Promise.all([there.ready(), away.ready()]);
    await say('one');
    await ann.rest.addMembers(id, [cleo!.id]);
    await say('two');
    for (const page of [there, away]) {
      await page.until(() => page.shown(id).length === 3, { timeoutMs: 10_000, what: 'all' });
    }
    expect(there.refetches()).toBe(0);
  });
});
