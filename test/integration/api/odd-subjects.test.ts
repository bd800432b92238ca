import { chatChannel, conversationChannel } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { stackForFile } from '../../harness/in-file.ts';
import { mintToken } from '../../harness/people.ts';
import type { Person } from '../../harness/people.ts';
import type { Recorder } from '../../harness/recorder.ts';
import { createRest, RestProblem } from '../../harness/rest.ts';

const stack = await stackForFile();

/** Subjects that are let in, and that something on the way could take for another, or for more than a name. */
const SUBJECTS = [
  'ann',
  'Ann',
  'ann.',
  'ann|x',
  'ann@x',
  'auth0|64f1-a_b.c@d',
  '0',
  '00',
  '1e3',
  'null',
  'undefined',
  'true',
  'constructor',
  'toString',
  'hasOwnProperty',
  'x__proto__',
  'chat',
  'conversation',
  'x'.repeat(127),
  'x'.repeat(128),
];

/** What a claim may say of somebody, and what somebody may say. */
const NASTY = `"'\\ {"commands":[{"publish":{}}]} '; DROP TABLE users; -- <script>\u2028\u2029 😀 \ud83d\ude00 %s $1 #:* é`;

async function person(id: string): Promise<Person> {
  const token = await mintToken(stack.identity, { sub: id, name: NASTY, username: NASTY });
  return { id, name: id, token, rest: createRest({ baseUrl: stack.api.url, token }) };
}

const everybody = await Promise.all(SUBJECTS.map(person));
await Promise.all(everybody.map(({ rest }) => rest.unread()));

describe('subjects that look like something else', () => {
  it('get what is said to them, word for word, and nobody else does', async () => {
    // Each talks with the next one, in a ring; everybody listens to their list and to their own two conversations.
    const ring = await Promise.all(
      everybody.map(async ({ rest }, place) => {
        const next = everybody[(place + 1) % everybody.length]!;
        return { id: (await rest.openDirect(next.id)).body.id, members: [place, next.id] as const };
      }),
    );
    const before = (place: number): number => (place + ring.length - 1) % ring.length;
    const listeners = everybody.map((one, place) =>
      stack.record({
        person: one,
        conversations: [ring[place]!.id, ring[before(place)]!.id],
        chat: true,
      }),
    );
    await Promise.all(listeners.map((listener) => listener.ready(30_000)));

    const metadata = { [NASTY]: NASTY };
    const sent = await Promise.all(
      everybody.map(async ({ rest }, place) => {
        const message = { clientId: `${place} ${NASTY.slice(0, 40)}`, content: NASTY, metadata };
        return (await rest.send(ring[place]!.id, message)).body;
      }),
    );
    await Promise.all(
      listeners.map((listener) =>
        listener.until(() => messagesOf(listener).length >= 2 && newsOf(listener).length >= 2, {
          timeoutMs: 20_000,
          what: () => `two messages for ${listener.name} (${listener.ends.join(', ')})`,
        }),
      ),
    );

    for (const [place, listener] of listeners.entries()) {
      const own = [ring[place]!.id, ring[before(place)]!.id].toSorted();
      const expected = [sent[place]!, sent[before(place)]!];
      expect(
        messagesOf(listener)
          .map(({ channel }) => channel)
          .toSorted(),
      ).toEqual(own.map(conversationChannel));
      expect(messagesOf(listener).map(({ data }) => data['message'])).toEqual(
        expect.arrayContaining(expected),
      );
      expect(
        newsOf(listener)
          .map(({ data }) => data['conversationId'])
          .toSorted(),
      ).toEqual(own);
      expect(new Set(newsOf(listener).map(({ channel }) => channel))).toEqual(
        new Set([chatChannel(listener.person.id)]),
      );
      expect(listener.malformed).toEqual([]);
      expect(listener.ends).toEqual([]);
    }
    // A name is one line: white space of every kind, line separators too, becomes a blank.
    const name = NASTY.replaceAll(/\s+/g, ' ');
    expect(sent[0]).toMatchObject({ content: NASTY, metadata, sender: { id: 'ann', name } });
    const dead = await stack.database.sql`SELECT FROM dead_letters`;
    expect(dead).toHaveLength(0);
  }, 60_000);

  it('may hear their own channel and no other that begins like theirs', async () => {
    for (const one of everybody) {
      const heard = await Promise.all(
        everybody.map((other) =>
          one.rest.subscriptionToken(chatChannel(other.id)).then(
            () => 'allowed',
            (error: unknown) => (error instanceof RestProblem ? error.code : String(error)),
          ),
        ),
      );
      expect(heard).toEqual(
        everybody.map((other) => (other === one ? 'allowed' : 'channel_refused')),
      );
    }
  });
});

function messagesOf({ raw }: Recorder) {
  return raw.filter(({ data }) => data['type'] === 'message');
}

function newsOf({ raw }: Recorder) {
  return raw.filter(({ data }) => data['type'] === 'new_message');
}
