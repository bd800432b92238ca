import { randomUUID } from 'node:crypto';

import { Connection, Conversation, MemberList, Message } from '@rov/realtime';
import type { ConversationList, MessagePage } from '@rov/realtime';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';

import { openDrainQueue } from '../../../core/queue/drain-queue.ts';
import { stackForFile } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import { RestProblem } from '../../harness/rest.ts';
import { ask, bodyOf, problemOf } from './ask.ts';

const stack = await stackForFile({ workers: 0 });
const { people } = stack;

const code = async (call: Promise<unknown>): Promise<string> => {
  const fault = await call.then(
    () => new Error('was answered as a success'),
    (error: unknown) => error,
  );
  if (!(fault instanceof RestProblem)) throw fault;
  return `${fault.status} ${fault.code}`;
};
const message = (content: string, clientId: string = randomUUID()) => ({ clientId, content });
const waiting = async (): Promise<number> => {
  const [row] = await stack.database.sql`SELECT count(*)::int AS count FROM outbox`;
  return row!['count'] as number;
};
const raw = (person: Person, path: string, asked: Parameters<typeof ask>[1] = {}) =>
  ask(`${stack.api.url}/v1${path}`, { token: person.token, ...asked });

test('a first call makes the caller a user, and a new claim is taken over', async () => {
  const ann = await people.stranger('Ann');
  await ann.rest.unread();
  const again = await people.stranger('Anna', ann.id);
  await again.rest.unread();
  expect(await stack.database.sql`SELECT name FROM users WHERE id = ${ann.id}`).toEqual([
    { name: 'Anna' },
  ]);
});

test('a direct conversation is made once, whoever asks and however many at once', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const opened = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0 ? ann!.rest.openDirect(ben!.id) : ben!.rest.openDirect(ann!.id),
    ),
  );
  expect(new Set(opened.map(({ body }) => body.id)).size).toBe(1);
  expect(opened.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201]);
  expect(opened[0]!.body).toMatchObject({ kind: 'direct', memberCount: 2, unreadCount: 0 });
  expect(await code(ann!.rest.openDirect(ann!.id))).toBe('422 not_with_oneself');
  expect(await code(ann!.rest.openDirect('nobody-here'))).toBe('422 unknown_user');
});

test('a group is made once per client id, and another group under it is refused', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const group = { clientId: randomUUID(), title: '  The\tplan ', memberIds: [ben!.id] };
  const first = await ann!.rest.createGroup(group);
  const second = await raw(ann!, '/conversations', { method: 'POST', body: group });
  expect(first.status).toBe(201);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(first.body).toMatchObject({ kind: 'group', title: 'The plan', role: 'owner' });
  expect(second.status).toBe(200);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(bodyOf(Conversation, second)).toEqual(first.body);
  expect(await code(ann!.rest.createGroup({ ...group, title: 'Other' }))).toBe(
    '422 client_id_reused',
  );
  const unknown = { ...group, clientId: randomUUID(), memberIds: ['nobody-here'] };
  expect(await code(ann!.rest.createGroup(unknown))).toBe('422 unknown_user');
});

test('the list of conversations goes page by page, the last active first, without gaps or repeats', async () => {
  const [ann, ben, cem] = await people.persons('Ann', 'Ben', 'Cem');
  const ids = [
    await people.direct(ann!, ben!),
    await people.group(ann!, ben!),
    await people.group(ann!, cem!),
    await people.direct(ann!, cem!),
    await people.group(ann!),
  ];
  await ann!.rest.send(ids[1]!, message('the latest'));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: ConversationList = await ann!.rest.conversations(`?limit=2${next}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual([ids[1], ids[4], ids[3], ids[2], ids[0]]);

  const [first] = (await ann!.rest.conversations('?limit=1')).items;
  expect(first).toMatchObject({ lastMessage: { preview: 'the latest', seq: 1 }, lastSeq: 1 });
  expect(await ann!.rest.conversation(ids[1]!)).toEqual(first);
});

test('a page of conversations ends where it ends, also between two of the same millisecond', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const ids = [await people.group(ann!, ben!), await people.group(ann!, ben!)];
  for (const [index, id] of ids.entries()) {
    await stack.database.sql`UPDATE conversations
      SET last_active_at = ${`2026-01-01 00:00:00.00000${index + 1}+00`}::text::timestamptz
      WHERE id = ${id}`;
  }
  const first = await ann!.rest.conversations('?limit=1');
  const second = await ann!.rest.conversations(`?limit=1&cursor=${first.nextCursor}`);
  expect([first, second].map(({ items }) => items[0]?.id)).toEqual(ids.toReversed());
});

test('a message is sent once per client id; the repeat answers the first one and says so', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const id = await people.direct(ann!, ben!);
  const before = await waiting();
  const hello = { ...message(' Hello '), metadata: { mood: 'fine' } };
  const first = await ann!.rest.send(id, hello);
  const second = await ann!.rest.send(id, hello);
  expect(first.status).toBe(201);
  expect(first.body).toMatchObject({ seq: 1, content: 'Hello', metadata: { mood: 'fine' } });
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(second.status).toBe(200);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(second.body).toEqual(first.body);
  expect(await waiting()).toBe(before + 1);

  expect(await code(ann!.rest.send(id, { ...hello, content: 'Other' }))).toBe(
    '422 client_id_reused',
  );
  const reply = { ...message('to what?'), replyToId: randomUUID() };
  expect(await code(ann!.rest.send(id, reply))).toBe('422 reply_not_found');
  expect(await waiting()).toBe(before + 1);
  const answer = await ben!.rest.send(id, { ...message('Hi'), replyToId: first.body.id });
  expect(answer.body.replyToId).toBe(first.body.id);
});

test('the same client id, ten times at once: one 201 and nine replays of it', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const id = await people.direct(ann!, ben!);
  const once = message('once');
  const sent = await Promise.all(Array.from({ length: 10 }, () => ann!.rest.send(id, once)));
  expect(sent.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201]);
  expect(new Set(sent.map(({ body }) => body.id)).size).toBe(1);
});

test('the event of a message carries the trace of the request that made it', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const id = await people.direct(ann!, ben!);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const send = (headers: Record<string, string>) =>
    raw(ann!, `/conversations/${id}/messages`, { method: 'POST', body: message('x'), headers });
  expect((await send({ traceparent })).status).toBe(201);
  const named = await send({ 'x-request-id': 'order-66', traceparent: 'nonsense' });
  expect(named.headers.get('x-request-id')).toBe('order-66');
  const rows = await stack.database.sql`
    SELECT traceparent FROM outbox WHERE conversation_id = ${id} AND payload IS NOT NULL ORDER BY id`;
  expect(rows[0]!['traceparent']).toBe(traceparent);
  expect(rows[1]!['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test('messages are read around any place, in rising order', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const id = await people.direct(ann!, ben!);
  for (let seq = 1; seq <= 7; seq += 1) await ann!.rest.send(id, message(`m${seq}`));
  const seqs = ({ items }: MessagePage) => items.map(({ seq }) => seq);
  const newest = await ben!.rest.messages(id, { limit: 3 });
  expect(seqs(newest)).toEqual([5, 6, 7]);
  expect(newest).toMatchObject({ hasOlder: true, hasNewer: false, lastSeq: 7, ev: 7 });
  expect(seqs(await ben!.rest.messages(id, { before: 5, limit: 2 }))).toEqual([3, 4]);
  expect(seqs(await ben!.rest.messages(id, { after: 5 }))).toEqual([6, 7]);
  const both = await raw(ben!, `/conversations/${id}/messages?before=3&after=1`);
  expect(problemOf(both)).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('reading moves the pointer forward only, and unread counts follow', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const id = await people.direct(ann!, ben!);
  for (let seq = 1; seq <= 3; seq += 1) await ann!.rest.send(id, message(`m${seq}`));
  expect(await ben!.rest.unread()).toEqual({ total: 3, byConversation: { [id]: 3 } });
  const state = { lastReadSeq: 2, unreadFromSeq: null, unreadCount: 1, totalUnread: 1 };
  expect((await ben!.rest.markRead(id, 2)).body).toEqual(state);
  expect((await ben!.rest.markRead(id, 1)).body).toEqual(state);
  expect((await ben!.rest.markRead(id, 99)).body).toMatchObject({ lastReadSeq: 3, unreadCount: 0 });
  expect(await ben!.rest.unread()).toEqual({ total: 0, byConversation: {} });
});

test('members are listed, invited and removed by those who may', async () => {
  const [ann, ben, cem, dan] = await people.persons('Ann', 'Ben', 'Cem', 'Dan');
  const id = await people.group(ann!, ben!);
  expect(await code(ben!.rest.addMembers(id, [cem!.id]))).toBe('403 role_required');
  expect(await code(ann!.rest.addMembers(id, ['nobody-here']))).toBe('422 unknown_user');
  const added = await ann!.rest.addMembers(id, [cem!.id, ben!.id]);
  expect(added.status).toBe(200);
  expect(added.body.items.map(({ userId }) => userId)).toEqual(
    [ann!.id, ben!.id, cem!.id].toSorted(),
  );
  expect(await ben!.rest.members(id)).toEqual(added.body);

  const first = bodyOf(MemberList, await raw(ann!, `/conversations/${id}/members?limit=2`));
  const rest = bodyOf(
    MemberList,
    await raw(ann!, `/conversations/${id}/members?limit=2&cursor=${first.nextCursor}`),
  );
  expect([...first.items, ...rest.items]).toEqual(added.body.items);
  expect(rest.nextCursor).toBeNull();

  expect(await code(ben!.rest.removeMember(id, cem!.id))).toBe('403 role_required');
  expect(await code(ann!.rest.removeMember(id, dan!.id))).toBe('404 not_found');
  expect(await code(ann!.rest.removeMember(id, 'me'))).toBe('409 last_owner');
  expect((await ann!.rest.removeMember(id, ben!.id)).status).toBe(204);
  expect((await cem!.rest.removeMember(id, 'me')).status).toBe(204);
  expect(await code(cem!.rest.conversation(id))).toBe('404 not_found');

  const direct = await people.direct(ann!, ben!);
  expect(await code(ann!.rest.addMembers(direct, [cem!.id]))).toBe('422 direct_conversation');
  expect(await code(ann!.rest.removeMember(direct, 'me'))).toBe('422 direct_conversation');
});

test('owners give roles, and owners and admins say what a group is called', async () => {
  const [ann, ben, cem] = await people.persons('Ann', 'Ben', 'Cem');
  const id = await people.group(ann!, ben!, cem!);
  expect(await code(ben!.rest.changeRole(id, cem!.id, 'admin'))).toBe('403 role_required');
  expect(await code(ben!.rest.updateConversation(id, { title: 'x' }))).toBe('403 role_required');
  expect(await code(ann!.rest.changeRole(id, 'me', 'admin'))).toBe('409 last_owner');
  const promoted = await ann!.rest.changeRole(id, ben!.id, 'admin');
  expect([promoted.status, promoted.body]).toMatchObject([200, { userId: ben!.id, role: 'admin' }]);
  expect(await code(ben!.rest.changeRole(id, cem!.id, 'admin'))).toBe('403 role_required');
  expect((await ben!.rest.updateConversation(id, { title: ' A \n title ' })).body).toMatchObject({
    title: 'A title',
    role: 'admin',
  });
  const image = 'https://example.com/a.png';
  expect((await ben!.rest.updateConversation(id, { image })).body).toMatchObject({
    title: 'A title',
    image,
    lastMessage: { preview: 'Ben changed the picture of the group' },
  });
  expect(await code(ann!.rest.updateConversation(id, {}))).toBe('400 invalid_request');
  expect(await code(ann!.rest.updateConversation(id, { title: '\u0000' }))).toBe(
    '422 title_not_allowed',
  );
  expect(await code(ann!.rest.updateConversation(id, { image: 'javascript:alert(1)' }))).toBe(
    '400 invalid_request',
  );

  const direct = await people.direct(ann!, ben!);
  expect(await code(ann!.rest.changeRole(direct, ben!.id, 'owner'))).toBe(
    '422 direct_conversation',
  );
  expect(await code(ann!.rest.updateConversation(direct, { title: 'Us' }))).toBe(
    '422 direct_conversation',
  );
});

test('people connect both ways, once, and part again', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const first = await ann!.rest.connect(ben!.id);
  expect(first.status).toBe(201);
  expect(first.body).toMatchObject({
    profile: { id: ben!.id, name: 'Ben' },
    presence: { status: 'offline' },
  });
  const second = await raw(ann!, `/connections/${ben!.id}`, { method: 'PUT' });
  expect(second.status).toBe(200);
  expect(bodyOf(Connection, second)).toEqual(first.body);
  expect((await ben!.rest.connections()).items.map(({ profile }) => profile.id)).toEqual([ann!.id]);
  expect(await code(ann!.rest.connect(ann!.id))).toBe('422 not_with_oneself');
  expect(await code(ann!.rest.connect('nobody-here'))).toBe('422 unknown_user');
  for (let time = 0; time < 2; time += 1) {
    expect((await ann!.rest.disconnect(ben!.id)).status).toBe(204);
  }
  expect((await ben!.rest.connections()).items).toEqual([]);
});

test('a session makes its user online for connections and for nobody else', async () => {
  const [ann, ben, cem] = await people.persons('Ann', 'Ben', 'Cem');
  await ann!.rest.connect(ben!.id);
  const beat = await ann!.rest.beat('tab-1', 'active');
  expect(beat.body).toEqual({ status: 'online', chosen: 'auto', nextInMs: 25_000 });
  expect((await ann!.rest.beat('tab-1', 'idle')).body.status).toBe('away');
  const seen = await ben!.rest.presence([ann!.id, cem!.id]);
  expect(seen.items).toMatchObject([{ userId: ann!.id, status: 'away' }]);
  expect((await cem!.rest.presence([ann!.id])).items).toEqual([]);
  const chosen = await ann!.rest.chooseStatus('invisible');
  expect(chosen.body).toEqual({ status: 'offline', chosen: 'invisible' });
  const hidden = await ben!.rest.presence([ann!.id]);
  expect(hidden.items).toMatchObject([{ userId: ann!.id, status: 'offline' }]);
  expect((await ann!.rest.beat('tab-1', 'active')).body).toEqual({
    ...chosen.body,
    nextInMs: 25_000,
  });
  expect((await ann!.rest.chooseStatus('auto')).body).toEqual({ status: 'online', chosen: 'auto' });
  expect((await ann!.rest.endSession('tab-1')).status).toBe(204);
  expect((await ann!.rest.endSession('never-there')).status).toBe(204);
});

test('tokens are for oneself: to connect, and to listen where one may', async () => {
  const [ann, ben, cem] = await people.persons('Ann', 'Ben', 'Cem');
  const id = await people.direct(ann!, ben!);
  const connection = await ann!.rest.realtimeToken();
  expect(connection.url).toBe(stack.centrifugo.wsUrl);
  expect(decodeJwt(connection.token).sub).toBe(ann!.id);
  const channel = `conversation:${id}`;
  const subscription = await ann!.rest.subscriptionToken(channel);
  expect(decodeJwt(subscription.token)).toMatchObject({ sub: ann!.id, channel });
  await ann!.rest.subscriptionToken(`chat:${ann!.id}`);

  expect(await code(cem!.rest.subscriptionToken(channel))).toBe('403 channel_refused');
  expect(await code(ann!.rest.subscriptionToken(`chat:${ben!.id}`))).toBe('403 channel_refused');
  expect(await code(ann!.rest.subscriptionToken('conversation:1'))).toBe('400 not_a_channel');
  expect(await code(ann!.rest.subscriptionToken('news'))).toBe('400 not_a_channel');
});

test('the position of a channel is told to those who may hear it', async () => {
  const [ann, ben, cem] = await people.persons('Ann', 'Ben', 'Cem');
  const id = await people.direct(ann!, ben!);
  const channel = `conversation:${id}`;
  expect(await ann!.rest.position(channel)).toMatchObject({ offset: 0 });
  expect(await code(cem!.rest.position(channel))).toBe('403 channel_refused');
  expect(await code(ann!.rest.position('news'))).toBe('400 not_a_channel');
});

test('what was written rings the doorbell of its shard', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const id = await people.direct(ann!, ben!);
  const sent = await raw(ann!, `/conversations/${id}/messages`, {
    method: 'POST',
    body: message('ring'),
  });
  bodyOf(Message, sent);
  const [row] = await stack.database.sql`SELECT shard FROM conversations WHERE id = ${id}`;
  const queue = openDrainQueue({ connection: stack.redis.client, prefix: stack.redis.prefix });
  const rung = async () => (await queue.getJobs()).map(({ data }) => data.shard);
  await expect.poll(rung, { timeout: 5_000 }).toContain(row!['shard']);
});
