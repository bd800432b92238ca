import { expect, test } from 'vitest';

import { exampleMessage, exampleProfile } from '../../test/chat-client/example.ts';
import { inBlocks } from './blocks.ts';
import { timeline } from './timeline.ts';

const ann = exampleProfile('ann');
const messages = Array.from({ length: 200 }, (_, index) => exampleMessage({ seq: index + 1 }));
const rowsOf = (facts: Partial<Parameters<typeof timeline>[0]>) =>
  timeline({
    ...{ messages, pending: [], me: ann, unreadAfter: null, hasOlder: true, receipts: {} },
    editedId: null,
    ...facts,
  });
const send = (clientId: string) => ({
  ...{ clientId, content: 'hello', writtenAt: Date.parse('2026-05-04T12:10:00Z') },
  ...{ state: 'queued' as const, reason: null, retryAt: null, attempts: 0 },
});

test('blocks hold every row once and in order', () => {
  const rows = rowsOf({ unreadAfter: 79, pending: [send('a'), send('b')] });
  expect(inBlocks(rows).flatMap((block) => block.rows)).toEqual(rows);
});

test('older messages leave the blocks below as they were', () => {
  const before = inBlocks(rowsOf({ messages: messages.slice(110) })).slice(1);
  expect(inBlocks(rowsOf({})).slice(-before.length)).toEqual(before);
});

test('a line stands in the block of the message below it', () => {
  const block = inBlocks(rowsOf({ unreadAfter: 79 })).find(({ key }) => key === '2');
  expect(block?.rows.slice(0, 2)).toMatchObject([{ kind: 'unread' }, { seq: 80 }]);
});

test('a send stands where its message will', () => {
  const pending = [send('a')];
  const sent = inBlocks(rowsOf({ pending })).at(-1);
  const message = exampleMessage({ seq: 201, from: 'ann', clientId: 'a' });
  const told = inBlocks(rowsOf({ messages: [...messages, message] })).at(-1);
  expect([sent?.key, sent?.rows.at(-1)?.key]).toEqual([told?.key, told?.rows.at(-1)?.key]);
});
