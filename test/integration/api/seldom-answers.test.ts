import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { createAskDatabase } from '../../../api/ask-database.ts';
import { disconnect } from '../../../core/people/connections.ts';
import { apiInProcess } from '../../harness/api-in-process.ts';
import { stackForFile } from '../../harness/in-file.ts';
import { ask, problemOf } from './ask.ts';

const stack = await stackForFile();
const { people } = stack;

test('who makes a group again that they have left meanwhile finds nothing, as anybody who is not in it', async () => {
  const ann = await people.person('Ann');
  const body = { clientId: randomUUID(), title: 'Lunch', memberIds: [] };
  const make = () =>
    ask(`${stack.api.url}/v1/conversations`, { method: 'POST', token: ann.token, body });
  const made = await make();
  expect(made.status).toBe(201);
  await ann.rest.removeMember((JSON.parse(made.text) as { id: string }).id, 'me');
  expect(problemOf(await make())).toMatchObject({ status: 404, code: 'not_found' });
});

test('what has no title cannot be given one, and nobody has a role in it; nor is there a title that says nothing', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const direct = await people.direct(ann!, ben!);
  const change = (path: string, body: object) =>
    ask(`${stack.api.url}/v1/conversations/${path}`, { method: 'PATCH', token: ann!.token, body });
  const code = async (...of: Parameters<typeof change>) => problemOf(await change(...of)).code;
  expect(await code(direct, { title: 'Us' })).toBe('direct_conversation');
  expect(await code(`${direct}/members/${ben!.id}`, { role: 'admin' })).toBe('direct_conversation');
  const group = await people.group(ann!, ben!);
  expect(await code(group, { title: '\u0000' })).toBe('title_not_allowed');
});

test('a reaction cannot be taken back from a message that is gone', async () => {
  const ann = await people.person('Ann');
  const conversationId = await people.group(ann);
  const said = { clientId: randomUUID(), content: 'hello' };
  const { id: messageId } = (await ann.rest.send(conversationId, said)).body;
  await ann.rest.react({ conversationId, id: messageId }, '👍');
  await ann.rest.deleteMessage({ conversationId, id: messageId });
  const path = `/v1/conversations/${conversationId}/messages/${messageId}/reactions/%F0%9F%91%8D`;
  const heard = await ask(`${stack.api.url}${path}`, { method: 'DELETE', token: ann.token });
  expect(problemOf(heard)).toMatchObject({ status: 410, code: 'message_deleted' });
});

test('a connection that the other side ended before it could be shown is not shown', async () => {
  const asking = createAskDatabase({ atOnce: 16, deadlineMs: 5_000 });
  let parting = (): Promise<unknown> => Promise.resolve();
  const api = await apiInProcess({
    ask: {
      ...asking,
      write: async (statement, options) => {
        const written = await asking.write(statement, options);
        await parting();
        return written;
      },
    },
  });
  const [ann, ben] = await api.people.persons('Ann', 'Ben');
  parting = () => disconnect(api.database.orm, { userId: ben!.id, otherId: ann!.id });
  const heard = await ask(`${api.url}/v1/connections/${ben!.id}`, {
    method: 'PUT',
    token: ann!.token,
  });
  expect(problemOf(heard)).toMatchObject({ status: 404, code: 'not_found' });
});

test('whoever comes into a conversation or goes out of it hears so on their own channel', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const page = stack.record({ person: ben!, chat: true });
  await page.ready();
  const id = await people.group(ann!);
  await ann!.rest.addMembers(id, [ben!.id]);
  await ann!.rest.removeMember(id, ben!.id);
  const types = (): unknown[] => page.raw.map(({ data }) => data['type']);
  await page.until(() => types().includes('conversation_removed'), {
    timeoutMs: 10_000,
    what: 'both announcements',
  });
  expect(types()).toContain('conversation_added');
});

test('a presence that may not have been heard is told to be asked for again, to those who are there', async () => {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  await ann!.rest.connect(ben!.id);
  await Promise.all([ann!.rest.beat('tab', 'active'), ben!.rest.beat('tab', 'active')]);
  const page = stack.record({ person: ben!, chat: true });
  await page.ready();
  await stack.database.sql`
    INSERT INTO doubts (lane, is_user, again_at) VALUES (${ann!.id}, true, now())`;
  const told = (): boolean => page.raw.some(({ data }) => data['type'] === 'presence_resync');
  await page.until(told, { timeoutMs: 15_000, what: 'the resync' });
  expect(page.malformed).toEqual([]);
});
