import { randomUUID } from 'node:crypto';

import type { MemberRole } from '@rov/realtime';
import { describe, expect, test } from 'vitest';

import { apiInProcess } from '../../harness/api-in-process.ts';
import { mintToken } from '../../harness/people.ts';
import type { Person } from '../../harness/people.ts';
import { ask, problemOf } from './ask.ts';
import type { Heard } from './ask.ts';
import { addressOf, askedOf, nameOf, routesOfV1, TRIALS } from './every-route.ts';
import type { About, Trial } from './every-route.ts';

const api = await apiInProcess();
const { sql } = api.database;

const INSIDE = ['owner', 'admin', 'member'] as const satisfies MemberRole[];
const OUTSIDE = ['former member', 'stranger'] as const;
type Who = (typeof INSIDE)[number] | (typeof OUTSIDE)[number];
const EVERYBODY: Who[] = [...INSIDE, ...OUTSIDE];

/** A group in which everybody has their part, and one more plain member. */
async function group(): Promise<{ people: Record<Who, Person>; about: About }> {
  const names = ['Owner', 'Admin', 'Member', 'Former', 'Stranger', 'Other'];
  const [owner, admin, member, former, stranger, other] = await api.people.persons(...names);
  const conversationId = await api.people.group(owner!, admin!, member!, former!, other!);
  await sql`UPDATE members SET role = 'admin'
    WHERE conversation_id = ${conversationId} AND user_id = ${admin!.id}`;
  const said = { clientId: randomUUID(), content: 'between us' };
  const { id: messageId } = (await owner!.rest.send(conversationId, said)).body;
  await owner!.rest.removeMember(conversationId, former!.id);
  return {
    people: {
      owner: owner!,
      admin: admin!,
      member: member!,
      'former member': former!,
      stranger: stranger!,
    },
    about: { conversationId, messageId, member: other! },
  };
}

const verdictOn = (heard: Heard): string => {
  if (heard.status < 300) return 'may';
  const { status, code } = problemOf(heard);
  return `${status} ${code}`;
};

function request(trial: Trial, { about, token }: { about: About; token?: string }): Promise<Heard> {
  return ask(`${api.url}${addressOf(trial, about)}`, { ...askedOf(trial, about), token });
}

test('every route of the application has a row', () => {
  expect(TRIALS.map(nameOf).toSorted()).toEqual(routesOfV1().toSorted());
});

test.each(TRIALS.map((trial) => [nameOf(trial), trial] as const))('%s', async (_name, trial) => {
  const heard: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const who of EVERYBODY) {
    // Of their own each time: what the one did must not be in the way of the next.
    const { people, about } = await group();
    heard[who] = verdictOn(await request(trial, { about, token: people[who].token }));
    expected[who] = isInside(who) ? (trial.roles?.[who] ?? 'may') : (trial.stranger ?? 'may');
  }
  const { people, about } = await group();
  const sub = people.owner.id;
  const forged = { ...api.identity, secret: 'x'.repeat(64) };
  const tokens = {
    'no token': undefined,
    'an expired token': await mintToken(api.identity, { sub, expiresIn: '-1h' }),
    'a forged token': await mintToken(forged, { sub }),
  };
  for (const [what, token] of Object.entries(tokens)) {
    heard[what] = verdictOn(await request(trial, { about, ...(token && { token }) }));
  }
  expect(heard).toEqual({
    ...expected,
    'no token': '401 token_missing',
    'an expired token': '401 token_expired',
    'a forged token': '401 token_invalid',
  });
});

function isInside(who: Who): who is MemberRole {
  return INSIDE.some((role) => role === who);
}

describe('to listen', async () => {
  const { people, about } = await group();
  const missing = randomUUID();
  const mine = (self: Person): string => `chat:${self.id}`;
  const always =
    (channel: string) =>
    (_self: Person): string =>
      channel;
  const inside = (who: Who): string => (isInside(who) ? 'may' : '403 channel_refused');
  const to =
    (verdict: string) =>
    (_who: Who): string =>
      verdict;

  const channels: [
    what: string,
    channel: (self: Person) => string,
    verdict: (who: Who) => string,
  ][] = [
    ['one’s own channel', mine, to('may')],
    ['that of somebody else', always(`chat:${about.member.id}`), to('403 channel_refused')],
    ['that of nobody', always('chat:nobody'), to('403 channel_refused')],
    ['a conversation', always(`conversation:${about.conversationId}`), inside],
    ['no conversation', always(`conversation:${missing}`), to('403 channel_refused')],
    ...[
      'news',
      'chat:',
      'chat:a:b',
      'chat:*',
      'conversation:1',
      `conversation:${about.conversationId.toUpperCase()}x`,
      `conversation:${about.conversationId} `,
      `$conversation:${about.conversationId}`,
      `conversation:#${about.conversationId}`,
      `conversations:${about.conversationId}`,
    ].map((name): (typeof channels)[number] => [name, always(name), to('400 not_a_channel')]),
  ];

  test.each(channels)('to %s', async (_what, channelFor, verdict) => {
    for (const who of EVERYBODY) {
      const self = people[who];
      const channel = channelFor(self);
      const token = await ask(`${api.url}/v1/realtime/subscription-token`, {
        method: 'POST',
        token: self.token,
        body: { channel },
      });
      const position = await ask(
        `${api.url}/v1/realtime/position?channel=${encodeURIComponent(channel)}`,
        { token: self.token },
      );
      expect([who, verdictOn(token), verdictOn(position)]).toEqual([
        who,
        verdict(who),
        verdict(who),
      ]);
    }
  });
});
