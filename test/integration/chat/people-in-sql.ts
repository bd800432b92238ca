import { randomUUID } from 'node:crypto';

import { createGroup } from '../../../core/chat/create-group.ts';
import { sendMessage } from '../../../core/chat/send-message.ts';
import type { SendMessage } from '../../../core/chat/send-message.ts';
import type { Sql } from '../../../core/db/database.ts';
import { upsertProfile } from '../../../core/people/upsert-profile.ts';

/** Users by the names given, each with a random id; for tests below the API. */
export async function users(sql: Sql, ...names: string[]): Promise<string[]> {
  const ids = names.map((name) => `${name}-${randomUUID().slice(0, 8)}`);
  await Promise.all(
    ids.map((id) => upsertProfile(sql, { id, name: id, username: null, image: null })),
  );
  return ids;
}

/** A group's id; the first is its owner. */
export async function group(sql: Sql, founderId: string, ...memberIds: string[]): Promise<string> {
  const id = randomUUID();
  const answer = await createGroup(sql, {
    id,
    founderId,
    clientId: randomUUID(),
    title: 'A group',
    memberIds,
  });
  if (answer.outcome !== 'created') throw new Error(`no group: ${answer.outcome}`);
  return id;
}

/** Sends a text, with fresh ids where none are given. */
export function say(
  sql: Sql,
  what: Pick<SendMessage, 'conversationId' | 'senderId'> & Partial<SendMessage>,
): ReturnType<typeof sendMessage> {
  return sendMessage(sql, {
    clientId: randomUUID(),
    id: randomUUID(),
    type: 'text',
    content: 'hello',
    ...what,
  });
}
