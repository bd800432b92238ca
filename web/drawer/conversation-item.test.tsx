import '../style.css';
import { beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';

import { showPart } from '../../test/browser/show-part.tsx';
import { exampleConversation } from '../../test/chat-client/example.ts';
import { createKept } from '../chat/kept.ts';
import { ConversationItem } from './conversation-item.tsx';

const draft = page.getByText('half a thought');

/** Ann's conversation with Ben, in which she began to write. */
async function showItem({ open = false, unreadCount = 0 } = {}) {
  createKept({ storage: sessionStorage, userId: 'ann' }).keepDraft('c1', 'half a thought');
  const conversation = exampleConversation({ id: 'c1', unreadCount });
  return await showPart(
    <ul>
      <ConversationItem conversation={conversation} me="ann" open={open} />
    </ul>,
  );
}

beforeEach(() => sessionStorage.clear());

describe('a conversation in the list', () => {
  test('tells of a draft that was left in it', async () => {
    await showItem();
    await expect.element(page.getByText('Draft:')).toBeVisible();
    await expect.element(draft).toBeVisible();
  });

  test('tells of no draft while it is open', async () => {
    await showItem({ open: true });
    expect(draft.query()).toBeNull();
  });

  test('tells what is new before what one has not said', async () => {
    await showItem({ unreadCount: 1 });
    expect(draft.query()).toBeNull();
  });

  test('tells of a message that did not get out', async () => {
    const { tell } = await showItem({ unreadCount: 1 });
    const send = { clientId: 'mine', content: 'hello', writtenAt: 1 };
    tell(
      { type: 'written', conversationId: 'c1', send },
      { type: 'send_failed', conversationId: 'c1', clientId: 'mine', reason: 'No', retryAt: null },
    );
    await expect.element(page.getByText('Unsent:')).toBeVisible();
    await expect.element(page.getByText('hello', { exact: true })).toBeVisible();
  });
});
