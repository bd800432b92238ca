import { expect, it } from 'vitest';

import { traceMessage } from '../../../core/chat/trace-message.ts';
import { settle } from '../../../core/outbox/settle.ts';
import { databaseForFile } from '../../harness/in-file.ts';
import { deliver } from '../ops/dead-letters.ts';
import { group, say, users } from './people-in-sql.ts';

const { sql } = await databaseForFile();

async function sent() {
  const [ann = '', ben = ''] = await users(sql, 'ann', 'ben');
  const id = await group(sql, ann, ben);
  await deliver(sql, id);
  const answer = await say(sql, { conversationId: id, senderId: ann, traceparent: '00-x' });
  if (!('message' in answer)) throw new Error(answer.outcome);
  return { id, ...answer, state: async () => (await traced(answer.message.id)).state };
}

async function traced(messageId: string) {
  const answer = await traceMessage(sql, { messageId });
  if (answer.outcome !== 'traced') throw new Error(answer.outcome);
  return answer.trace;
}

it('tells where a message is: it waits, was delivered, and is unknown once nothing is kept of it', async () => {
  const { id, message, shard, state } = await sent();
  expect(await traced(message.id)).toMatchObject({
    state: 'waiting',
    traceparent: '00-x',
    acknowledgedAt: null,
    delayMs: null,
    shard,
  });
  await deliver(sql, id);
  expect(await state()).toBe('delivered');
  await sql`DELETE FROM deliveries WHERE conversation_id = ${id}`;
  expect(await traced(message.id)).toMatchObject({
    state: 'unknown',
    eventId: null,
    attempts: null,
  });
});

it('tells why a message died', async () => {
  const { id, message, shard } = await sent();
  const [row] = await sql`SELECT id FROM outbox WHERE conversation_id = ${id}`;
  await settle(sql, {
    ...{ shard, worker: 'w', holder: 'h', last: true, seen: null, deaf: false },
    rows: [{ id: Number(row!['id']), code: 107, reason: 'bad request' }],
  });
  expect(await traced(message.id)).toMatchObject({ state: 'dead', reason: 'bad request' });
});
