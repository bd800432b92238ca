import '../style.css';
import { beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';

import { showConversation } from '../../test/browser/fake-chat.tsx';
import { exampleMessage, examplePage, exampleProfile } from '../../test/chat-client/example.ts';

const ATTACK = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';

/** Shows these as messages of somebody with this name, in a group. */
async function show(contents: string[], name = 'Ben') {
  const items = contents.map((content, index) => ({
    ...{ ...exampleMessage({ seq: index + 1 }), content },
    sender: { ...exampleProfile('ben'), name },
  }));
  const loaded = { ...examplePage({ from: 1, to: items.length }), items };
  return await showConversation({ page: loaded, row: { kind: 'group', title: name } });
}

const texts = () =>
  [...page.getByRole('log').element().querySelectorAll('p')].map(({ textContent }) => textContent);

beforeEach(() => sessionStorage.clear());

describe('what others write', () => {
  test('is text, in names and in contents', async () => {
    await show([ATTACK], ATTACK);
    expect(texts()).toEqual([ATTACK]);
    expect(document.querySelectorAll('section img, section script')).toHaveLength(0);
    expect(window).not.toHaveProperty('hit');
  });

  test('leads to addresses of the web alone, without a word of where one comes from', async () => {
    await show([
      'see https://example.com/a?b=1, javascript:alert(1) and ann@example.com or ftp://x.example/',
    ]);
    const links = page.getByRole('link').elements();
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['https://example.com/a?b=1']);
    expect(links[0]).toHaveAttribute('rel', 'noopener noreferrer');
    expect(links[0]).toHaveAttribute('target', '_blank');
  });

  test('turns nothing around it, and needs no more room than there is', async () => {
    const turned = '\u202Egnihton';
    await show([turned, 'x'.repeat(4000)], turned);
    expect(texts()).toEqual([turned, 'x'.repeat(4000)]);
    const log = page.getByRole('log').element();
    expect(log.scrollWidth).toBe(log.clientWidth);
    const [name] = log.querySelectorAll('bdi');
    expect(name).toHaveTextContent(turned);
  });

  test('says who is typing, and the log does not move', async () => {
    const { tell } = await show(['hello']);
    const log = page.getByRole('log').element();
    const height = log.clientHeight;
    const typing = (userId: string) =>
      tell({
        ...{ type: 'event', conversationId: 'c1', now: Date.now() },
        event: { type: 'typing', userId, state: 'start', expiresInMs: 7000 },
      });
    typing('ben');
    await expect.element(page.getByText('Ben is typing')).toBeVisible();
    typing('cleo');
    await expect.element(page.getByText('Ben and Somebody are typing')).toBeVisible();
    typing('dan');
    await expect.element(page.getByText('Several people are typing')).toBeVisible();
    expect(log.clientHeight).toBe(height);
  });
});
