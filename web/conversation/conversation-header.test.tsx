import '../style.css';
import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';

import { showConversation } from '../../test/browser/fake-chat.tsx';

/** What a click in the middle of the title falls on. */
function underTitle() {
  const { left, width, top, height } = page
    .getByRole('heading', { level: 1 })
    .element()
    .getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2);
}

describe('the name above a conversation', () => {
  test('leads to the details of a group', async () => {
    await showConversation({ row: { kind: 'group', title: 'Plans' } });
    expect(underTitle()).toBe(page.getByRole('button', { name: 'Group details' }).element());
  });

  test('leads nowhere from a conversation of two', async () => {
    await showConversation();
    expect(underTitle()?.closest('button')).toBeNull();
  });

  test('leaves the way back to the list free', async () => {
    await page.viewport(360, 640);
    await showConversation({ row: { kind: 'group', title: 'Plans' } });
    const back = page.getByRole('button', { name: 'Back to conversations' }).element();
    const { left, top } = back.getBoundingClientRect();
    expect(back.contains(document.elementFromPoint(left + 10, top + 10))).toBe(true);
  });
});
