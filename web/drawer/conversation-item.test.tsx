import '../style.css';
import { beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';

import { showPart } from '../../test/browser/show-part.tsx';
import { exampleConversation } from '../../test/chat-client/example.ts';
import { createKept } from '../chat/kept.ts';
import { ConversationItem } from './conversation-item.tsx';

const item = page.getByRole('listitem');

/** Ann's conversation with Ben, in which she began to write. */
async function showItem({ open = false, unreadCount = 0 } = {}) {
  createKept({ storage: sessionStorage, userId: 'ann' }).keepDraft('c1', 'half a thought');
  const conversation = exampleConversation({ id: 'c1', unreadCount });
  await showPart(
    <ul>
      <ConversationItem conversation={conversation} me="ann" open={open} />
    </ul>,
  );
}

beforeEach(() => sessionStorage.clear());

describe('a conversation in the list', () => {
  test('tells of a draft that was left in it', async () => {
    await showItem();
    await expect.element(item).toHaveTextContent(/Draft: half a thought/);
  });

  test('tells of no draft while it is open', async () => {
    await showItem({ open: true });
    await expect.element(item).not.toHaveTextContent(/Draft/);
  });

  test('tells what is new before what one has not said', async () => {
    await showItem({ unreadCount: 1 });
    await expect.element(item).not.toHaveTextContent(/Draft/);
  });
});
