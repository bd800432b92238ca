import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { everythingStored } from '../../harness/everything-stored.ts';
import type { Stored } from '../../harness/everything-stored.ts';
import { stackForFile } from '../../harness/in-file.ts';
import { mintToken } from '../../harness/people.ts';
import type { Person } from '../../harness/people.ts';
import { ask, problemOf } from './ask.ts';
import type { Asked } from './ask.ts';
import { addressOf, nameOf, routesOfV1, TRIALS } from './every-route.ts';
import type { About, Trial } from './every-route.ts';

const stack = await stackForFile({ workers: 0 });
const [ann, ben, former, stranger] = await stack.people.persons('Ann', 'Ben', 'Former', 'Stranger');
const conversationId = await stack.people.group(ann!, ben!, former!);
const said = { clientId: randomUUID(), content: 'between us' };
const { id: messageId } = (await ann!.rest.send(conversationId, said)).body;
await ann!.rest.removeMember(conversationId, former!.id);
const about: About = { conversationId, messageId, member: ben! };

let before: Stored;
beforeEach(async () => {
  before = await everythingStored(stack.database.sql);
});
afterEach(async () => {
  expect(await everythingStored(stack.database.sql)).toEqual(before);
});

const at = (address: string): string => `${stack.api.url}${address}`;

function request(trial: Trial, asked: Asked & { parameters?: string[]; about?: About }) {
  const { parameters, about: subject = about, headers, ...rest } = asked;
  const body = trial.body && { body: trial.body(subject) };
  const url = at(addressOf(trial, subject, parameters));
  const all = { ...trial.headers, ...headers };
  return ask(url, { method: trial.method, ...body, ...rest, headers: all });
}

async function refusal(...of: Parameters<typeof request>): Promise<string> {
  const { status, code } = problemOf(await request(...of));
  return `${status} ${code}`;
}

const all = TRIALS.map((trial) => [nameOf(trial), trial] as const);
const having = (part: 'parameters' | 'body') => all.filter(([, trial]) => trial[part]);

test('every route of the application is tried here', () => {
  expect(TRIALS.map(nameOf).toSorted()).toEqual(routesOfV1().toSorted());
});

describe.each(all)('%s', (_name, trial) => {
  test('is for those alone who show a token that is theirs', async () => {
    expect(await refusal(trial, {})).toBe('401 token_missing');
    const forged = { ...stack.identity, secret: 'x'.repeat(64) };
    const tokens = [
      await mintToken(forged, { sub: ann!.id }),
      await mintToken({ ...stack.identity, audience: 'elsewhere' }, { sub: ann!.id }),
    ];
    for (const token of tokens) expect(await refusal(trial, { token })).toBe('401 token_invalid');
    const expired = await mintToken(stack.identity, { sub: ann!.id, expiresIn: '-1h' });
    expect(await refusal(trial, { token: expired })).toBe('401 token_expired');
  });

  test('takes no query that it does not know', async () => {
    const address = addressOf(trial, about);
    for (const extra of ['surprise=1', '__proto__=1', 'constructor[prototype]=1']) {
      const url = at(`${address}${address.includes('?') ? '&' : '?'}${extra}`);
      const body = trial.body && { body: trial.body(about) };
      const heard = await ask(url, { method: trial.method, token: ann!.token, ...body });
      expect(problemOf(heard)).toMatchObject({ status: 400, code: 'invalid_request' });
    }
  });
});

test.each(all)('%s has one spelling', async (_name, trial) => {
  const [path, query = ''] = addressOf(trial, about).split('?');
  const known = path!.split('/');
  const others = [
    `${path}/`,
    known.with(2, known[2]!.toUpperCase()).join('/'),
    known.with(1, 'V1').join('/'),
  ];
  for (const other of others) {
    const body = trial.body && { body: trial.body(about) };
    const heard = await ask(at(`${other}?${query}`), {
      method: trial.method,
      token: ann!.token,
      ...body,
    });
    expect(problemOf(heard)).toMatchObject({ status: 404, code: 'no_such_route' });
  }
});

const guarded = all.filter(([, trial]) => trial.stranger !== null);

describe.each(guarded)('%s', (_name, trial) => {
  test('says the same to a stranger, to a former member, and about what does not exist', async () => {
    const problems = [];
    for (const [who, id] of [
      [stranger!, conversationId],
      [former!, conversationId],
      [stranger!, randomUUID()],
      [ann!, randomUUID()],
    ] as [Person, string][]) {
      const subject = { ...about, conversationId: id };
      const heard = await request(trial, { token: who.token, about: subject });
      problems.push({ ...problemOf(heard), requestId: '', instance: '' });
    }
    const [first, ...others] = problems;
    expect(`${first!.status} ${first!.code}`).toBe(trial.stranger);
    for (const other of others) expect(other).toEqual(first);
  });
});

const reads = all.filter(([, { method, stranger: heard }]) => method === 'GET' && heard === null);

test.each(reads)(
  '%s tells a stranger nothing of a conversation of others',
  async (_name, trial) => {
    const heard = await request(trial, { token: stranger!.token });
    expect(heard.status).toBe(200);
    for (const secret of [conversationId, 'between us', 'A group', ann!.id])
      expect(heard.text).not.toContain(secret);
    expect(heard.text).not.toMatch(/online|away/);
  },
);

describe.each(having('parameters'))('%s', (_name, trial) => {
  test.each([
    '%00',
    '%E0%A4%A',
    '%ED%A0%80',
    '%0a',
    '%3B%20DROP%20TABLE%20users%3B--',
    '%27%20OR%20%271%27%3D%271',
    '*',
    'a:b',
    'a%23b',
    '%2e%2e%2f%2e%2e%2fetc',
    '<script>',
    'x'.repeat(300),
    '__proto__.x',
    '%F0%9F%98%80',
  ])('takes %s for no id', async (hostile) => {
    const sound = trial.parameters!(about);
    const ids = sound.length - (trial.texts ?? 0);
    for (let place = 0; place < ids; place += 1) {
      const parameters = sound.with(place, hostile);
      expect(await refusal(trial, { token: ann!.token, parameters })).toBe('400 invalid_request');
    }
  });
});

describe.each(having('body'))('%s', (_name, trial) => {
  const sound = (): object => trial.body!(about);
  const broken: [string, Asked, string][] = [
    ['is cut off', { body: JSON.stringify(sound()).slice(0, -1) }, '400 malformed_json'],
    ['is no JSON', { body: 'clientId=1&content=x' }, '400 malformed_json'],
    ['is a list', { body: [sound()] }, '400 invalid_request'],
    ['is empty', { body: '' }, '400 invalid_request'],
    ['has a field too many', { body: { ...sound(), surprise: 1 } }, '400 invalid_request'],
    [
      'has __proto__',
      { body: `{"__proto__":{"isAdmin":true},${JSON.stringify(sound()).slice(1)}` },
      '400 invalid_request',
    ],
    [
      'is larger than 64 KiB',
      { body: { ...sound(), surprise: 'x'.repeat(65 * 1_024) } },
      '413 body_too_large',
    ],
    [
      'is of another type',
      { body: JSON.stringify(sound()), headers: { 'content-type': 'text/plain' } },
      '415 unsupported_media_type',
    ],
  ];
  test.each(broken)('takes no body that %s', async (_what, asked, expected) => {
    expect(await refusal(trial, { token: ann!.token, ...asked })).toBe(expected);
  });

  test.each(Object.keys(sound()))(
    'takes no body without %s, or with another type of it',
    async (field) => {
      const { [field]: _left, ...rest } = sound() as Record<string, unknown>;
      for (const value of [undefined, null, {}, true, '\ud800', '\0']) {
        if (value === null && trial.nullable?.includes(field)) continue;
        const body = value === undefined ? rest : { ...rest, [field]: value };
        const heard = await refusal(trial, { token: ann!.token, body });
        expect(heard).toMatch(/^4(00|22) /);
      }
    },
  );
});

test('no fault was met by any of it', () => {
  const faults = stack.api.logs().filter(({ event }) => event === 'request.failed');
  expect(faults).toEqual([]);
});
