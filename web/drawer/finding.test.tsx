import '../style.css';
import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';

import { showPart } from '../../test/browser/show-part.tsx';
import { exampleConversation } from '../../test/chat-client/example.ts';
import { ChatDrawer } from './chat-drawer.tsx';

const nothing = page.getByText('Nobody and no conversation by that name.');

beforeEach(() => sessionStorage.clear());

test('the list says that nothing is found when there is nothing, and only then', async () => {
  const list = { items: [exampleConversation({ id: 'c1' })], nextCursor: null };
  await showPart(<ChatDrawer openId={null} onSignOut={() => {}} />, {
    inputs: [{ type: 'list', list, asked: 0 }],
  });
  const finder = page.getByRole('searchbox');
  await finder.fill('nowhere');
  await expect.element(nothing).toBeVisible();
  await finder.fill('ben');
  await expect.element(page.getByRole('link')).toBeVisible();
  expect(nothing.query()).toBeNull();
});
