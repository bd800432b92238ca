import { chatChannel, conversationChannel } from '@rov/realtime';
import { expect, it } from 'vitest';

import { removeMember } from '../../../core/chat/remove-member.ts';
import { audit, isSound } from '../../../core/ops/audit.ts';
import { redrive } from '../../../core/ops/redrive.ts';
import { group, say, users } from '../chat/people-in-sql.ts';
import { drainAll, drainOnRealParts } from '../worker/drain-on-real-parts.ts';
import { bury } from './dead-letters.ts';

const parts = await drainOnRealParts();
const { sql, between } = parts;
const { drain } = parts.worker('worker');
const deed = { operator: 'olga', reason: 'a test' };
const ring = (): void => undefined;

it('what a redrive writes goes the way of all events: the resync behind the others, and the one who left is unsubscribed', async () => {
  const [ann = '', ben = '', cem = ''] = await users(sql, 'ann', 'ben', 'cem');
  const conversationId = await group(sql, ann, ben, cem);
  for (const content of ['one', 'two']) await say(sql, { conversationId, senderId: ann, content });
  await drainAll(drain);
  await removeMember(sql, { conversationId, actorId: ann, userId: ben });
  await bury(sql, { of: conversationId });
  await say(sql, { conversationId, senderId: ann, content: 'three' });
  const from = between.batches.length;
  await redrive(sql, { filter: { conversationId }, deed, ring });
  await drainAll(drain);

  expect(await parts.waiting()).toBe(0);
  const heard = (await parts.heard(conversationId)).map(({ data }) => data);
  expect(heard).toMatchObject([
    { ev: 1, type: 'message' },
    { ev: 2, type: 'message' },
    { ev: 5, type: 'message' },
    { ev: 6, type: 'resync' },
  ]);
  const commands = between.batches.slice(from).flat();
  const channel = conversationChannel(conversationId);
  expect(commands).toContainEqual({ unsubscribe: { user: ben, channel } });
  const goodbyes = commands.filter(
    ({ broadcast }) => (broadcast?.['data'] as { type?: string })?.type === 'conversation_removed',
  );
  expect(goodbyes).toMatchObject([{ broadcast: { channels: [chatChannel(ben)] } }]);
  expect(isSound(await audit(sql, { conversationId }))).toBe(true);
});
