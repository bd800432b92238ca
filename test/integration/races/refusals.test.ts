import { randomUUID } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';

import type postgres from 'postgres';
import { describe, expect, it } from 'vitest';

import { addMembers } from '../../../core/chat/add-members.ts';
import { changeRole } from '../../../core/chat/change-role.ts';
import { createGroup } from '../../../core/chat/create-group.ts';
import { deleteMessage } from '../../../core/chat/delete-message.ts';
import { editMessage } from '../../../core/chat/edit-message.ts';
import { markRead } from '../../../core/chat/mark-read.ts';
import { markUnread } from '../../../core/chat/mark-unread.ts';
import { openDirect } from '../../../core/chat/open-direct.ts';
import { react } from '../../../core/chat/react.ts';
import { removeMember } from '../../../core/chat/remove-member.ts';
import { updateConversation } from '../../../core/chat/update-conversation.ts';
import { signOut } from '../../../core/people/sign-out.ts';
import { everythingStored } from '../../harness/everything-stored.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { said } from '../chat/messages-in-sql.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { install } from './broken/install.ts';

/** A group and a direct conversation in which something was said, and who is who in them. */
async function chat(sql: postgres.Sql) {
  const [owner = '', admin = '', member = '', stranger = ''] = await users(
    sql,
    ...['owner', 'admin', 'member', 'stranger'],
  );
  const inGroup = await group(sql, owner, admin, member);
  await sql`UPDATE members SET role = 'admin'
    WHERE conversation_id = ${inGroup} AND user_id = ${admin}`;
  const direct = randomUUID();
  await openDirect(sql, { id: direct, userId: owner, otherId: member });
  const first = { conversationId: inGroup, clientId: 'taken', content: 'first' };
  const message = await said(sql, { ...first, senderId: owner });
  for (let n = 0; n < 20; n += 1) {
    const emoji = String.fromCodePoint(0x1f600 + n);
    await react(sql, { ...placeOf(message), userId: owner, emoji, added: true });
  }
  const gone = await said(sql, { conversationId: inGroup, senderId: owner });
  await deleteMessage(sql, { ...placeOf(gone), actorId: owner });
  const system = await said(sql, { conversationId: inGroup, senderId: owner });
  await sql`UPDATE messages SET type = 'system' WHERE id = ${system.id}`;
  const elsewhere = await say(sql, { conversationId: direct, senderId: owner });
  const founded = { founderId: owner, clientId: 'taken', title: 'One', memberIds: [] };
  await createGroup(sql, { ...founded, id: randomUUID() });
  return {
    sql,
    ...{ owner, admin, member, stranger, inGroup, direct, founded, message, gone, system },
    replyToId: 'message' in elsewhere ? elsewhere.message.id : '',
  };
}

function placeOf({ conversationId, id }: { conversationId: string; id: string }) {
  return { conversationId, messageId: id };
}

type Chat = Awaited<ReturnType<typeof chat>>;
type Verb = (chat: Chat) => Promise<{ outcome: string }>;

const send =
  (what: (chat: Chat) => Partial<Parameters<typeof say>[1]>): Verb =>
  (c) =>
    say(c.sql, { conversationId: c.inGroup, senderId: c.owner, ...what(c) });
const add =
  (what: (chat: Chat) => Partial<Parameters<typeof addMembers>[1]>): Verb =>
  (c) =>
    addMembers(c.sql, {
      conversationId: c.inGroup,
      actorId: c.owner,
      userIds: [c.stranger],
      ...what(c),
    });
const remove =
  (what: (chat: Chat) => Partial<Parameters<typeof removeMember>[1]>): Verb =>
  (c) =>
    removeMember(c.sql, {
      conversationId: c.inGroup,
      actorId: c.owner,
      userId: c.member,
      ...what(c),
    });
const edit =
  (what: (chat: Chat) => Partial<Parameters<typeof editMessage>[1]>): Verb =>
  (c) =>
    editMessage(c.sql, {
      ...placeOf(c.message),
      ...{ editorId: c.owner, revision: 1, content: 'other words', ...what(c) },
    });
const erase =
  (what: (chat: Chat) => Partial<Parameters<typeof deleteMessage>[1]>): Verb =>
  (c) =>
    deleteMessage(c.sql, { ...placeOf(c.message), actorId: c.owner, ...what(c) });
const choose =
  (what: (chat: Chat) => Partial<Parameters<typeof react>[1]>): Verb =>
  (c) =>
    react(c.sql, {
      ...placeOf(c.message),
      ...{ userId: c.owner, emoji: '🎉', added: true, ...what(c) },
    });
const change =
  (what: (chat: Chat) => Partial<Parameters<typeof changeRole>[1]>): Verb =>
  (c) =>
    changeRole(c.sql, {
      conversationId: c.inGroup,
      actorId: c.owner,
      userId: c.member,
      role: 'admin',
      ...what(c),
    });
const update =
  (what: (chat: Chat) => Partial<Parameters<typeof updateConversation>[1]>): Verb =>
  (c) =>
    updateConversation(c.sql, {
      conversationId: c.inGroup,
      actorId: c.owner,
      title: 'Another',
      ...what(c),
    });
const found =
  (what: Partial<Parameters<typeof createGroup>[1]>): Verb =>
  (c) =>
    createGroup(c.sql, { ...c.founded, id: randomUUID(), clientId: randomUUID(), ...what });

const mark =
  (what: (chat: Chat) => Partial<Parameters<typeof markUnread>[1]>): Verb =>
  (c) =>
    markUnread(c.sql, { conversationId: c.inGroup, userId: c.member, fromSeq: 1, ...what(c) });

/** Every way to be told no: function, outcome, who asks for what. */
const REFUSALS: [call: string, outcome: string, why: string, verb: Verb][] = [
  ['send_message', 'not_found', 'a stranger', send((c) => ({ senderId: c.stranger }))],
  ['send_message', 'not_found', 'no such id', send(() => ({ conversationId: randomUUID() }))],
  ['send_message', 'client_id_reused', 'other words', send(() => ({ clientId: 'taken' }))],
  [
    'send_message',
    'client_id_reused',
    'metadata that was not there',
    send(() => ({ clientId: 'taken', content: 'first', metadata: {} })),
  ],
  ['send_message', 'reply_not_found', 'nothing', send(() => ({ replyToId: randomUUID() }))],
  [
    'send_message',
    'reply_not_found',
    'another conversation',
    send((c) => ({ replyToId: c.replyToId })),
  ],
  ['edit_message', 'not_found', 'a stranger', edit((c) => ({ editorId: c.stranger }))],
  ['edit_message', 'not_found', 'no such id', edit(() => ({ messageId: randomUUID() }))],
  ['edit_message', 'not_found', 'elsewhere', edit((c) => ({ conversationId: c.direct }))],
  ['edit_message', 'not_the_sender', 'an admin', edit((c) => ({ editorId: c.admin }))],
  ['edit_message', 'system_message', 'the system', edit((c) => placeOf(c.system))],
  ['edit_message', 'message_deleted', 'a tombstone', edit((c) => placeOf(c.gone))],
  ['edit_message', 'revision_mismatch', 'a revision to come', edit(() => ({ revision: 2 }))],
  ['delete_message', 'not_found', 'a stranger', erase((c) => ({ actorId: c.stranger }))],
  ['delete_message', 'role_required', 'a member', erase((c) => ({ actorId: c.member }))],
  ['delete_message', 'system_message', 'the system', erase((c) => placeOf(c.system))],
  ['delete_message', 'revision_mismatch', 'another revision', erase(() => ({ revision: 2 }))],
  ['react', 'not_found', 'a stranger', choose((c) => ({ userId: c.stranger }))],
  ['react', 'system_message', 'the system', choose((c) => placeOf(c.system))],
  ['react', 'message_deleted', 'a tombstone', choose((c) => placeOf(c.gone))],
  ['react', 'too_many_emoji', 'the twenty-first', choose(() => ({}))],
  ['open_direct', 'unknown_user', 'nobody', (c) => openDirect(c.sql, withNobody(c))],
  ['create_group', 'client_id_reused', 'another title', found({ clientId: 'taken', title: 'Two' })],
  ['create_group', 'unknown_user', 'nobody', found({ memberIds: ['nobody'] })],
  ['add_members', 'not_found', 'a stranger', add((c) => ({ actorId: c.stranger }))],
  ['add_members', 'not_found', 'no such id', add(() => ({ conversationId: randomUUID() }))],
  ['add_members', 'forbidden', 'a member', add((c) => ({ actorId: c.member }))],
  ['add_members', 'direct', 'a third', add((c) => ({ conversationId: c.direct }))],
  [
    'add_members',
    'unknown_user',
    'one of two is nobody',
    add((c) => ({ userIds: [c.stranger, 'nobody'] })),
  ],
  ['remove_member', 'not_found', 'a stranger', remove((c) => ({ actorId: c.stranger }))],
  ['remove_member', 'not_found', 'no such id', remove(() => ({ conversationId: randomUUID() }))],
  ['remove_member', 'not_found', 'one who is not in it', remove((c) => ({ userId: c.stranger }))],
  [
    'remove_member',
    'forbidden',
    'a member',
    remove((c) => ({ actorId: c.member, userId: c.admin })),
  ],
  [
    'remove_member',
    'forbidden',
    'an admin and an owner',
    remove((c) => ({ actorId: c.admin, userId: c.owner })),
  ],
  ['remove_member', 'direct', 'one of two', remove((c) => ({ conversationId: c.direct }))],
  ['remove_member', 'last_owner', 'the only owner', remove((c) => ({ userId: c.owner }))],
  ['change_role', 'not_found', 'a stranger', change((c) => ({ actorId: c.stranger }))],
  ['change_role', 'not_found', 'no such id', change(() => ({ conversationId: randomUUID() }))],
  ['change_role', 'not_found', 'one who is not in it', change((c) => ({ userId: c.stranger }))],
  ['change_role', 'forbidden', 'an admin', change((c) => ({ actorId: c.admin }))],
  [
    'change_role',
    'forbidden',
    'a member who has the role already',
    change((c) => ({ actorId: c.member, role: 'member' })),
  ],
  ['change_role', 'direct', 'one of two', change((c) => ({ conversationId: c.direct }))],
  ['change_role', 'last_owner', 'the only owner', change((c) => ({ userId: c.owner }))],
  ['update_conversation', 'not_found', 'a stranger', update((c) => ({ actorId: c.stranger }))],
  [
    'update_conversation',
    'not_found',
    'no such id',
    update(() => ({ conversationId: randomUUID() })),
  ],
  ['update_conversation', 'forbidden', 'a member', update((c) => ({ actorId: c.member }))],
  ['update_conversation', 'direct', 'one of two', update((c) => ({ conversationId: c.direct }))],
  ['sign_out', 'unknown_user', 'nobody', (c) => signOut(c.sql, 'nobody')],
  [
    'mark_read',
    'not_found',
    'a stranger',
    (c) => markRead(c.sql, { conversationId: c.inGroup, userId: c.stranger, seq: 1 }),
  ],
  ['mark_unread', 'not_found', 'a stranger', mark((c) => ({ userId: c.stranger }))],
  ['mark_unread', 'nothing_from_there', 'past the end', mark(() => ({ fromSeq: 1_000 }))],
];

function withNobody({ owner }: Chat): { id: string; userId: string; otherId: string } {
  return { id: randomUUID(), userId: owner, otherId: 'nobody' };
}

/** The refusals that stand in the functions themselves. */
async function refusalsInSql(): Promise<string[]> {
  const folder = new URL('../../../core/', import.meta.url).pathname;
  const found: string[] = [];
  for await (const file of glob('**/*.sql', { cwd: folder })) {
    const text = await readFile(`${folder}${file}`, 'utf8');
    for (const body of text.split('CREATE OR REPLACE FUNCTION ').slice(1)) {
      const name = /^\w+/.exec(body)?.[0];
      const refusals = [...body.matchAll(/RETURN '\{"outcome": "(\w+)"\}'/g)];
      found.push(...refusals.map(([, outcome]) => `${name} ${outcome}`));
    }
  }
  return [...new Set(found)].toSorted();
}

const { sql } = await databaseForFile();
const subject = await chat(sql);

describe('a verb that is refused', () => {
  it('is tried here in every way that the functions know', async () => {
    const tried = new Set(REFUSALS.map(([call, outcome]) => `${call} ${outcome}`));
    expect([...tried].toSorted()).toEqual(await refusalsInSql());
    expect(tried.size).toBeGreaterThan(10);
  });

  it.each(REFUSALS)('%s: %s for %s, and nothing is numbered or written', async (...row) => {
    const [, outcome, , verb] = row;
    const before = await everythingStored(sql);
    expect(await verb(subject)).toEqual({ outcome });
    expect(await everythingStored(sql)).toEqual(before);
  });

  it('leaves everything alone as well when all of it comes at once, ten times', async () => {
    const before = await everythingStored(sql);
    const all = Array.from({ length: 10 }, () => REFUSALS).flat();
    const outcomes = await Promise.all(
      all.map(async ([, , , verb]) => (await verb(subject)).outcome),
    );
    expect(outcomes).toEqual(all.map(([, outcome]) => outcome));
    expect(await everythingStored(sql)).toEqual(before);
  });

  it('is caught when it numbers first and refuses then', async () => {
    await install(sql, 'numbered-refusal');
    const before = await everythingStored(sql);
    await add(() => ({ userIds: ['nobody'] }))(subject);
    const after = await everythingStored(sql);
    expect(Object.keys(after).filter((table) => after[table] !== before[table])).toEqual([
      'conversations',
    ]);
  });
});
