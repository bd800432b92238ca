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
});
