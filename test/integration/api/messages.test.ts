import { randomUUID } from 'node:crypto';

import { Message } from '@rov/realtime';
import { describe, expect, it } from 'vitest';

import { stackForFile } from '../../harness/in-file.ts';
import type { Person } from '../../harness/people.ts';
import { ask, bodyOf, problemOf } from './ask.ts';
import type { Asked } from './ask.ts';

const stack = await stackForFile({ workers: 0 });
const { people } = stack;
const { sql } = stack.database;

const [ann, ben] = (await people.persons('Ann', 'Ben')) as [Person, Person];
const conversationId = await people.group(ann, ben);

async function message(content = 'first words'): Promise<Message> {
  return (await ann.rest.send(conversationId, { clientId: randomUUID(), content })).body;
}
const at = ({ id }: { id: string }, more = '') =>
  `${stack.api.url}/v1/conversations/${conversationId}/messages/${id}${more}`;
const request = (method: string) => (message: { id: string }, asked: Asked & { by?: Person }) => {
  const { by = ann, ...rest } = asked;
  return ask(at(message), { method, token: by.token, ...rest });
};
const patch = request('PATCH');
const remove = request('DELETE');
const ifMatch = (revision: string) => ({ headers: { 'if-match': revision } });
const told = (heard: Parameters<typeof problemOf>[0]): string => {
  const { status, code } = problemOf(heard);
  return `${status} ${code}`;
};

describe('an edit', () => {
  it('names the revision that it changes, and is answered with the one that it made', async () => {
    const sent = await message();
    const body = { content: ' other words\u0007 ' };
    const heard = await patch(sent, { body, ...ifMatch('"1"') });
    expect([heard.status, heard.headers.get('etag')]).toEqual([200, '"2"']);
    expect(bodyOf(Message, heard)).toMatchObject({ content: 'other words', revision: 2 });
    // A repeat.
    const again = await patch(sent, { body, ...ifMatch('"1"') });
    expect([again.status, again.headers.get('etag'), again.text]).toEqual([200, '"2"', heard.text]);
    const other = { body: { content: 'third' }, ...ifMatch('"1"') };
    expect(told(await patch(sent, other))).toBe('412 revision_mismatch');
  });

  it('without a revision is no edit', async () => {
    const sent = await message();
    const body = { content: 'other words' };
    expect(told(await patch(sent, { body }))).toBe('428 precondition_required');
    const wrong = [
      '*',
      '1',
      'W/"1"',
      '"1", "2"',
      '""',
      '"0"',
      '"-1"',
      '"01"',
      '"9999999999"',
      '"x"',
    ];
    for (const revision of wrong) {
      const heard = await patch(sent, { body, ...ifMatch(revision) });
      expect(`${revision} ${told(heard)}`).toBe(`${revision} 400 invalid_request`);
      expect(problemOf(heard).errors).toMatchObject([{ path: 'If-Match' }]);
    }
    expect((await ann.rest.messages(conversationId)).items.at(-1)).toMatchObject(sent);
  });

  it('is held to what a message may say', async () => {
    const sent = await message();
    const edit = async (content: string) =>
      told(await patch(sent, { body: { content }, ...ifMatch('"1"') }));
    expect(await edit(' \u0000 ')).toBe('422 content_empty');
    expect(await edit('x'.repeat(4_001))).toBe('422 content_too_long');
    expect(await edit('\uD83D')).toBe('422 content_malformed');
  });

  it('is refused to all but the sender, and over a tombstone', async () => {
    const sent = await message();
    const edit = { body: { content: 'mine' }, ...ifMatch('"1"') };
    expect(told(await patch(sent, { ...edit, by: ben }))).toBe('403 not_the_sender');
    await ann.rest.deleteMessage(sent);
    expect(told(await patch(sent, edit))).toBe('410 message_deleted');
    await sql`UPDATE messages SET type = 'system' WHERE id = ${sent.id}`;
    expect(told(await patch(sent, edit))).toBe('403 system_message');
    expect(told(await remove(sent, {}))).toBe('403 system_message');
    expect(
      told(await ask(at(sent, '/reactions/%F0%9F%91%8D'), { method: 'PUT', token: ann.token })),
    ).toBe('403 system_message');
  });
});

describe('a deletion', () => {
  it('may name the revision that was seen', async () => {
    const sent = await message();
    expect(told(await remove(sent, ifMatch('"2"')))).toBe('412 revision_mismatch');
    expect(told(await remove(sent, ifMatch('*')))).toBe('400 invalid_request');
    expect(told(await remove(sent, { by: ben }))).toBe('403 role_required');
    const heard = await remove(sent, ifMatch('"1"'));
    expect([heard.status, heard.headers.get('etag')]).toEqual([200, '"2"']);
    expect(bodyOf(Message, heard)).toMatchObject({ content: '', revision: 2 });
    const again = await remove(sent, ifMatch('"1"'));
    expect([again.status, again.text]).toEqual([200, heard.text]);
  });

  it('is what the last line of the list and the page show', async () => {
    const sent = await message('something secret');
    await ann.rest.deleteMessage(sent);
    const { lastMessage } = await ben.rest.conversation(conversationId);
    expect(lastMessage).toMatchObject({ id: sent.id, preview: '', type: 'text' });
    expect(lastMessage!.deletedAt).not.toBeNull();
    const page = await ben.rest.messages(conversationId, { limit: 1 });
    expect(page.items[0]).toMatchObject({ id: sent.id, content: '' });
    expect(page.items[0]!.deletedAt).toBe(lastMessage!.deletedAt);
  });
});

describe('a reaction', () => {
  it('is put and taken back as often as one likes, and each reader sees their own', async () => {
    const sent = await message();
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await ben.rest.react(sent, '👩🏾‍🚀');
      expect(status).toBe(200);
      expect(body.reactions).toEqual([{ emoji: '👩🏾‍🚀', count: 1, userIds: [ben.id], mine: true }]);
    }
    const [read] = (await ann.rest.messages(conversationId, { around: sent.seq, limit: 1 })).items;
    expect(read!.reactions).toMatchObject([{ emoji: '👩🏾‍🚀', mine: false }]);
    for (let time = 0; time < 2; time += 1)
      expect((await ben.rest.unreact(sent, '👩🏾‍🚀')).body.reactions).toEqual([]);
    // A heart without its variation selector is the same heart.
    await ben.rest.react(sent, '❤️');
    expect((await ben.rest.unreact(sent, '❤')).body.reactions).toEqual([]);
  });

  it('is one emoji, whatever else a path may hold', async () => {
    const sent = await message();
    for (const text of ['a', '1', 'like', '😀😀', '😀\0', '\0', '../..', ' ', 'x'.repeat(300)]) {
      for (const method of ['PUT', 'DELETE']) {
        const url = at(sent, `/reactions/${encodeURIComponent(text)}`);
        expect(told(await ask(url, { method, token: ben.token }))).toBe('422 emoji_not_allowed');
      }
    }
    const broken = at(sent, '/reactions/%F0%9F%98');
    expect(told(await ask(broken, { method: 'PUT', token: ben.token }))).toBe(
      '400 invalid_request',
    );
  });

  it('to a tombstone is gone, and there are twenty kinds of it at most', async () => {
    const sent = await message();
    const kinds = Array.from({ length: 20 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    for (const emoji of kinds) await ben.rest.react(sent, emoji);
    const url = at(sent, `/reactions/${encodeURIComponent('🎉')}`);
    const put = async () => told(await ask(url, { method: 'PUT', token: ben.token }));
    expect(await put()).toBe('422 too_many_emoji');
    await ann.rest.deleteMessage(sent);
    expect(await put()).toBe('410 message_deleted');
  });
});

it('what changes a message rings the doorbell and carries the trace of its request', async () => {
  const sent = await message();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const headers = { traceparent, 'if-match': '"1"' };
  await patch(sent, { body: { content: 'other' }, headers });
  await ask(at(sent, `/reactions/${encodeURIComponent('👍')}`), {
    method: 'PUT',
    token: ben.token,
    headers: { traceparent },
  });
  await remove(sent, { headers: { traceparent } });
  const rows = await sql`
    SELECT payload::jsonb->>'type' AS type FROM outbox
    WHERE conversation_id = ${conversationId} AND traceparent = ${traceparent} ORDER BY id`;
  expect(rows.map(({ type }) => type as string)).toEqual([
    'message_updated',
    'reaction',
    'message_deleted',
  ]);
});
