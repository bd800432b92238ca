import '../style.css';
import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { showConversation } from '../../test/browser/fake-chat.tsx';
import { exampleMessage, examplePage } from '../../test/chat-client/example.ts';

const log = () => page.getByRole('log').element();
const left = () => log().scrollHeight - log().scrollTop - log().clientHeight;
const heard = (seq: number) => ({
  ...{ type: 'event' as const, conversationId: 'c1', now: 0 },
  event: { type: 'message', ev: seq, epoch: 'e1', seq, message: exampleMessage({ seq }) },
});
const frames = async (count: number) => {
  for (let at = 0; at < count; at += 1) await new Promise(requestAnimationFrame);
};

/** Where a message of this text stands on the screen. */
function topOf(text: string): number {
  const all = [...log().querySelectorAll('p')];
  const found = all.find(({ textContent }) => textContent === text);
  if (found === undefined) throw new Error(`${text} is not there`);
  return Math.round(found.getBoundingClientRect().top);
}

/** The number of the last message of which nothing is below the edge. */
function lastSeen(): number {
  const edge = log().getBoundingClientRect().bottom;
  const all = [...log().querySelectorAll('li[data-message]')];
  const last = all.findLast((one) => one.getBoundingClientRect().bottom <= edge + 1);
  return Number(last?.querySelector('p')?.textContent.replace('message ', ''));
}

beforeEach(() => sessionStorage.clear());

describe('the log', () => {
  test('begins at its end and follows what comes', async () => {
    const { tell } = await showConversation({ page: examplePage({ from: 1, to: 50 }) });
    await expect.poll(left).toBe(0);
    tell(heard(51));
    await expect.element(page.getByText('message 51')).toBeInViewport();
    expect(page.getByRole('button', { name: 'Jump to latest' }).elements()).toHaveLength(0);
  });

  test('stays where it is read, whatever comes above and below', async () => {
    const page1 = examplePage({ from: 101, to: 150, hasOlder: true });
    const { client, tell } = await showConversation({ page: page1 });
    log().scrollTop = 900;
    await frames(2);
    expect(client.loadOlder).toHaveBeenCalledWith('c1');
    const before = topOf('message 120');
    const older = { ...examplePage({ from: 51, to: 100, hasOlder: true }), ev: 150, lastSeq: 150 };
    const how = { way: 'older', before: 101 } as const;
    tell({ type: 'page', conversationId: 'c1', how, page: older, asked: 9 });
    expect(topOf('message 120')).toBe(before);
    tell(heard(151), heard(152));
    await frames(2);
    expect(topOf('message 120')).toBe(before);
    await page.getByRole('button', { name: '2 new, jump to latest' }).click();
    await expect.element(page.getByText('message 152')).toBeInViewport();
  });

  test('begins with what is unread, also where that is not among the newest, and leads back there', async () => {
    const latest = examplePage({ from: 351, to: 400, hasOlder: true });
    const row = { lastReadSeq: 100, unreadCount: 300 };
    const { client, tell } = await showConversation({ page: latest, row });
    expect(page.getByText('New messages').elements()).toHaveLength(0);
    expect(client.loadAround.mock.calls).toEqual([['c1', 101]]);
    await page.getByRole('button', { name: 'Jump to unread' }).click();
    expect(client.loadAround.mock.calls).toEqual([
      ['c1', 101],
      ['c1', 101],
    ]);
    const around = {
      ...examplePage({ from: 76, to: 125, hasOlder: true, hasNewer: true }),
      ...{ ev: 400, lastSeq: 400 },
    };
    const how = { way: 'around', seq: 101 } as const;
    tell({ type: 'page', conversationId: 'c1', how, page: around, asked: 9 });
    await expect.element(page.getByText('New messages')).toBeInViewport();
    expect(topOf('message 101') - log().getBoundingClientRect().top).toBeLessThan(150);
    expect(page.getByRole('button', { name: 'Jump to unread' }).elements()).toHaveLength(0);
  });

  describe('of a conversation that was open before', () => {
    const row = { lastSeq: 80, lastReadSeq: 50, unreadCount: 30 };
    const missed: Parameters<Awaited<ReturnType<typeof showConversation>>['tell']>[0] = {
      ...{ type: 'page', conversationId: 'c1', asked: 9 },
      ...{ how: { way: 'changed', since: 50 }, page: examplePage({ from: 51, to: 80 }) },
    };

    test('begins with what is unread as soon as it has come', async () => {
      const { client, tell } = await showConversation({
        page: examplePage({ from: 1, to: 50 }),
        row,
      });
      await expect.poll(left).toBe(0);
      tell(missed);
      await expect.element(page.getByText('New messages')).toBeInViewport();
      expect(topOf('message 51') - log().getBoundingClientRect().top).toBeLessThan(150);
      expect(left()).toBeGreaterThan(100);
      await expect.poll(() => client.markRead.mock.calls).toEqual([['c1', lastSeen()]]);
    });

    test('begins with it also where something newer was there first', async () => {
      const { client, tell } = await showConversation({
        page: examplePage({ from: 1, to: 50 }),
        row,
      });
      tell(heard(81));
      await expect.element(page.getByText('message 81')).toBeInViewport();
      tell({ ...missed, page: { ...examplePage({ from: 51, to: 81 }), ev: 81 } });
      await expect.element(page.getByText('New messages')).toBeInViewport();
      await expect.poll(() => client.markRead.mock.calls).toEqual([['c1', lastSeen()]]);
      expect(lastSeen()).toBeLessThan(80);
    });

    test('leaves whoever reads on further up meanwhile where they are', async () => {
      const { tell } = await showConversation({ page: examplePage({ from: 1, to: 50 }), row });
      await expect.poll(left).toBe(0);
      log().scrollTop = 600;
      await frames(2);
      const before = topOf('message 20');
      tell(missed);
      await frames(2);
      expect(topOf('message 20')).toBe(before);
    });
  });

  test('does not take the end of what is loaded for the end of the conversation', async () => {
    const middle = { ...examplePage({ from: 1, to: 50, hasNewer: true }), lastSeq: 90, ev: 90 };
    const row = { lastReadSeq: 40, unreadCount: 50 };
    const { client } = await showConversation({ page: middle, row });
    log().scrollTop = log().scrollHeight;
    await expect.poll(() => client.loadNewer.mock.calls.length).toBeGreaterThan(0);
    await expect.poll(() => client.markRead.mock.calls).toEqual([['c1', 50]]);
    await page.getByRole('button', { name: '50 new, jump to latest' }).click();
    expect(client.loadAround).toHaveBeenCalledWith('c1', 90);
  });

  test('has what rests on the screen read, to the end of it and no further', async () => {
    const row = { lastReadSeq: 60, unreadCount: 40 };
    const { client } = await showConversation({ page: examplePage({ from: 1, to: 100 }), row });
    const read = () => client.markRead.mock.calls.map(([, seq]) => seq);
    await expect.element(page.getByText('New messages')).toBeInViewport();
    await expect.poll(read).toEqual([lastSeen()]);
    const [first] = read();
    expect(first).toBeGreaterThan(61);
    log().scrollTop += 300;
    await expect.poll(() => read().length).toBe(2);
    expect(read()[1]).toBe(lastSeen());
    // What was read stays so, and whoever leafs back has seen no more.
    log().scrollTop = 0;
    await expect.element(page.getByText('message 1', { exact: true })).toBeInViewport();
    log().scrollTop = log().scrollHeight;
    await expect.poll(read).toEqual([first, expect.toSatisfy((seq) => seq < 100), 100]);
  });

  test('leaves what is marked as unread so until its end', async () => {
    const row = { lastReadSeq: 100, unreadCount: 40, unreadFromSeq: 61 };
    const { client } = await showConversation({ page: examplePage({ from: 1, to: 100 }), row });
    await expect.element(page.getByText('New messages')).toBeInViewport();
    log().scrollTop += 300;
    // A second: twice as long as what rests needs elsewhere.
    await frames(60);
    expect(client.markRead).not.toHaveBeenCalled();
    log().scrollTop = log().scrollHeight;
    await expect.poll(() => client.markRead.mock.calls).toEqual([['c1', 100]]);
  });

  test('says of which day it is what one reads further up', async () => {
    const today = examplePage({ from: 1, to: 60 });
    const day = (seq: number) => new Date(2026, 4, seq <= 30 ? 4 : 5, 12, seq).toISOString();
    const items = today.items.map((message) => ({ ...message, createdAt: day(message.seq) }));
    await showConversation({ page: { ...today, items } });
    const above = () => log().parentElement?.querySelector(':scope > [aria-hidden]')?.textContent;
    await expect.poll(left).toBe(0);
    expect(above()).toBeUndefined();
    log().scrollTop = topOf('message 45') - topOf('message 1');
    await expect.poll(above).toBe('May 5');
    log().scrollTop = 300;
    await expect.poll(above).toBe('May 4');
    log().scrollTop = log().scrollHeight;
    await expect.poll(above).toBeUndefined();
  });

  test('shows a send in the next frame', async () => {
    const { client, tell } = await showConversation({ page: examplePage({ from: 1, to: 50 }) });
    client.send.mockImplementation((conversationId, content) => {
      const send = { clientId: 'mine', content, writtenAt: Date.now() };
      tell({ type: 'written', conversationId, send });
      return 'mine';
    });
    await page.getByRole('textbox', { name: 'Message' }).fill('at once');
    let shown: boolean | null = null;
    const look = () => {
      shown = log().textContent.includes('at once') && left() === 0;
    };
    addEventListener('keydown', () => requestAnimationFrame(look), { once: true });
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => shown).toBe(true);
  });
});
