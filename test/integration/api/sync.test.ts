import { randomUUID } from 'node:crypto';

import { expect, it } from 'vitest';

import { restored } from '../../../core/ops/restored.ts';
import { stackForFile } from '../../harness/in-file.ts';
import { until } from '../../harness/until.ts';

const stack = await stackForFile();
const [ann, ben, eve] = await stack.people.persons('Ann', 'Ben', 'Eve');
const message = () => ({ clientId: randomUUID(), content: 'hello' });

it('is answered by REST, and goes on behind its cursor', async () => {
  const id = await stack.people.group(ann!, ben!);
  const first = await ben!.rest.sync();
  expect(first.conversations).toMatchObject([{ id, unreadCount: 0 }]);
  expect(first.me).toMatchObject({ profile: { id: ben!.id, name: 'Ben' }, totalUnread: 0 });
  await ann!.rest.send(id, message());
  const second = await ben!.rest.sync(first.cursor);
  expect(second.conversations).toMatchObject([{ id, lastSeq: 1, unreadCount: 1 }]);
  expect(second.me.totalUnread).toBe(1);
  const head = { conversationId: id, ev: 0, lastSeq: 0 };
  expect(await ben!.rest.verify({ heads: [head] })).toMatchObject({
    diverged: [{ conversationId: id, ev: 1, lastSeq: 1 }],
  });
});

it('refuses a cursor from before a restore, one that is too old, and what is none', async () => {
  const { cursor } = await ben!.rest.sync();
  const written = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as object;
  const as = (change: object) =>
    Buffer.from(JSON.stringify({ ...written, ...change })).toString('base64url');
  const days = (count: number) => Date.now() - count * 86_400_000;
  const expired = { status: 410, code: 'cursor_expired' };
  await expect(ben!.rest.sync(as({ at: days(31) }))).rejects.toMatchObject(expired);
  expect(await ben!.rest.sync(as({ at: days(29) }))).toMatchObject({ limited: false });
  for (const wrong of ['x', as({ xmin: 'x' }), as({ epoch: 1 })]) {
    await expect(ben!.rest.sync(wrong)).rejects.toMatchObject({ status: 400 });
  }
  await restored(stack.database.sql, { operator: 'ann', reason: 'a test' });
  await expect(ben!.rest.sync(cursor)).rejects.toMatchObject(expired);
  expect(await ben!.rest.sync()).toMatchObject({ limited: false });
});

it('follows a message for its sender and for who keeps the conversation, and for nobody else', async () => {
  const id = await stack.people.group(ann!, ben!);
  const { body: sent } = await ben!.rest.send(id, message());
  await until(async () => (await ben!.rest.trace(id, sent.id)).state === 'delivered', {
    timeoutMs: 10_000,
    what: 'the message to be delivered',
  });
  const trace = await ben!.rest.trace(id, sent.id);
  expect(trace).toMatchObject({
    messageId: sent.id,
    seq: 1,
    ev: 1,
    attempts: 1,
    superseded: false,
  });
  expect(trace.delayMs).toBeGreaterThanOrEqual(0);
  expect(await ann!.rest.trace(id, sent.id)).toEqual(trace);
  const { body: other } = await ann!.rest.send(id, message());
  await expect(ben!.rest.trace(id, other.id)).rejects.toMatchObject({ code: 'role_required' });
  await expect(eve!.rest.trace(id, sent.id)).rejects.toMatchObject({ code: 'not_found' });
  const elsewhere = await stack.people.group(ben!);
  await expect(ben!.rest.trace(elsewhere, sent.id)).rejects.toMatchObject({ code: 'not_found' });
});
