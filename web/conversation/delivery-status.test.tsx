import '../style.css';
import { beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';

import { showConversation } from '../../test/browser/fake-chat.tsx';
import { exampleMessage, examplePage, exampleProfile } from '../../test/chat-client/example.ts';

const said = {
  ...examplePage({ from: 1, to: 1 }),
  items: [exampleMessage({ seq: 1, from: 'ann' })],
};
const pointers = (userId: string, lastDeliveredSeq: number, lastReadSeq: number) => ({
  ...{ userId, lastDeliveredSeq, lastReadSeq },
});

beforeEach(() => sessionStorage.clear());

describe("one's own message", () => {
  const item = page.getByRole('listitem').filter({ hasText: 'hello' });
  const ofSend = { conversationId: 'c1', clientId: 'mine' };

  test('is on its way, sent, delivered, read', async () => {
    const { tell, answer } = await showConversation({
      page: { ...examplePage({ from: 1, to: 1 }), receipts: [pointers('ben', 0, 0)] },
    });
    const send = { clientId: 'mine', content: 'hello', writtenAt: Date.now() };
    tell({ type: 'written', conversationId: 'c1', send });
    await expect.element(item.getByText('Waiting…')).toBeVisible();
    tell({ type: 'sending', ...ofSend });
    await expect.element(item.getByText('Sending…')).toBeVisible();
    answer({ ...exampleMessage({ seq: 2, from: 'ann', clientId: 'mine' }), content: 'hello' });
    await expect.element(item.getByText(/· Sent/)).toBeVisible();
    const heard = (type: string, pointer: object) =>
      tell({
        ...{ type: 'event', conversationId: 'c1', now: 0 },
        event: { type, epoch: 'e1', userId: 'ben', ...pointer },
      });
    heard('delivered', { lastDeliveredSeq: 2 });
    await expect.element(item.getByText(/· Delivered/)).toBeVisible();
    heard('read', { lastReadSeq: 2 });
    await expect.element(item.getByText(/· Read/)).toBeVisible();
  });

  test('that is limited says when it goes on, and can be tried at once', async () => {
    const { client, tell } = await showConversation();
    const send = { clientId: 'mine', content: 'hello', writtenAt: Date.now() };
    tell({ type: 'written', conversationId: 'c1', send });
    const failure = { reason: 'That was too much at once.', retryAt: Date.now() + 8000 };
    tell({ type: 'send_failed', ...ofSend, ...failure });
    await expect.element(item.getByText(/Again in 8 s\./)).toBeVisible();
    await expect.element(item.getByText(/Again in 7 s\./)).toBeVisible();
    await item.getByRole('button', { name: 'Retry' }).click();
    expect(client.retry).toHaveBeenCalledWith('c1', 'mine');
  });

  test('that was refused for good can be discarded', async () => {
    const { client, tell } = await showConversation();
    const send = { clientId: 'mine', content: 'hello', writtenAt: Date.now() };
    tell({ type: 'written', conversationId: 'c1', send });
    tell({ type: 'send_failed', ...ofSend, reason: 'Nobody is here', retryAt: null });
    await expect.element(item.getByRole('alert')).toHaveTextContent('Not sent. Nobody is here.');
    await item.getByRole('button', { name: 'Discard' }).click();
    expect(client.discard).toHaveBeenCalledWith('c1', 'mine');
  });

  test('in a group tells how many have read it, and on asking who', async () => {
    const { client } = await showConversation({
      page: { ...said, receipts: [pointers('ben', 1, 1), pointers('cleo', 1, 0)] },
      row: { kind: 'group', title: 'Crew', memberCount: 3 },
    });
    client.receiptsOf.mockResolvedValue({
      ...{ readCount: 1, deliveredCount: 2, nextCursor: null },
      items: [
        { profile: exampleProfile('ben'), state: 'read' },
        { profile: exampleProfile('cleo'), state: 'delivered' },
      ],
    });
    await page.getByRole('button', { name: 'Read by 1' }).click();
    const people = page.getByRole('dialog').getByRole('listitem');
    await expect.element(people.nth(0)).toHaveTextContent('BBenRead');
    await expect.element(people.nth(1)).toHaveTextContent('CCleoDelivered');
  });
});
