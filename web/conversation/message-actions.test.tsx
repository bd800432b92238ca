import '../style.css';
import type { Message } from '@rov/realtime';
import { ApiProblem } from '@rov/realtime/client';
import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { showConversation } from '../../test/browser/fake-chat.tsx';
import {
  exampleConversation,
  exampleMessage,
  examplePage,
} from '../../test/chat-client/example.ts';

const mine = exampleMessage({ seq: 2, from: 'ann' });
const conversation = {
  ...examplePage({ from: 1, to: 2 }),
  items: [{ ...exampleMessage({ seq: 1 }), reactions: [liked(['ben', 'cleo'])] }, mine],
};

function liked(userIds: string[]) {
  return { emoji: '👍', count: userIds.length, userIds, mine: userIds.includes('ann') };
}

const problem = (status: number, code: string, retryAfterMs?: number) =>
  new ApiProblem({ status, code, message: `no: ${code}`, retryAfterMs: retryAfterMs ?? null });

/** Opens what can be done with the message of this text. */
async function openMenu(text: string) {
  const item = page.getByRole('listitem').filter({ hasText: text });
  await item.getByText(text).hover();
  await item.getByRole('button', { name: 'More actions' }).click();
}

beforeEach(() => sessionStorage.clear());

describe('a message', () => {
  test('shows each reaction once with its count and who chose it, and a click joins in', async () => {
    const { client, answer } = await showConversation({ page: conversation });
    const chip = page.getByRole('button', { name: '👍 2: Ben and 1 other' });
    await expect.element(chip).toHaveAttribute('aria-pressed', 'false');
    const told = { ...exampleMessage({ seq: 1 }), reactions: [liked(['ben', 'cleo', 'ann'])] };
    client.react.mockImplementation(async () => {
      answer({ ...told, ev: 3 });
      return told;
    });
    await chip.click();
    expect(client.react).toHaveBeenCalledWith(expect.objectContaining({ seq: 1 }), '👍', true);
    const joined = page.getByRole('button', { name: '👍 3: Ben, You and 1 other' });
    await expect.element(joined).toHaveAttribute('aria-pressed', 'true');
  });

  test('is reacted to with any emoji, also with one that only a keyboard has', async () => {
    const { client } = await showConversation({ page: conversation });
    const dialog = page.getByRole('dialog', { name: 'React with any emoji' });
    client.react.mockResolvedValue(exampleMessage({ seq: 1 }));
    await openMenu('message 1');
    await page.getByRole('menuitem', { name: 'Another emoji…' }).click();
    await dialog.getByRole('button', { name: 'Rocket' }).click();
    await expect.element(dialog).not.toBeInTheDocument();
    await openMenu('message 1');
    await page.getByRole('menuitem', { name: 'Another emoji…' }).click();
    client.react.mockRejectedValueOnce(problem(422, 'emoji_not_allowed'));
    await dialog.getByRole('textbox').fill('no');
    await userEvent.keyboard('{Enter}');
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('no: emoji_not_allowed.');
    await dialog.getByRole('textbox').fill('🦔');
    await userEvent.keyboard('{Enter}');
    await expect.element(dialog).not.toBeInTheDocument();
    expect(client.react.mock.calls.map(([, ...asked]) => asked)).toEqual([
      ...['🚀', 'no', '🦔'].map((emoji) => [emoji, true]),
    ]);
  });

  test('of a group can be acted on at a narrow screen, however wide it is', async () => {
    const items = [{ ...exampleMessage({ seq: 1 }), content: 'wide '.repeat(60) }];
    await page.viewport(320, 640);
    await showConversation({
      page: { ...examplePage({ from: 1, to: 1 }), items },
      row: { kind: 'group', title: 'Crew' },
    });
    await page.getByText(/^wide/).hover();
    const { right } = page
      .getByRole('button', { name: 'More actions' })
      .element()
      .getBoundingClientRect();
    expect(right).toBeLessThanOrEqual(320);
    await page.viewport(414, 896);
  });

  test('can be acted on by the keyboard alone', async () => {
    const { client } = await showConversation({ page: conversation });
    client.react.mockResolvedValue(mine);
    page.getByRole('log').element().focus();
    await userEvent.keyboard('{ArrowUp}{ArrowUp}{Enter}');
    await expect.element(page.getByRole('menuitemcheckbox', { name: 'Thumbs up' })).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}{Enter}');
    expect(client.react).toHaveBeenCalledWith(expect.objectContaining({ seq: 1 }), '❤️', true);
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('textbox', { name: 'Message' })).toHaveFocus();
  });

  test('of somebody else can be neither edited nor deleted', async () => {
    await showConversation({ page: conversation });
    await openMenu('message 1');
    await expect.element(page.getByRole('menuitem', { name: 'Copy text' })).toBeVisible();
    expect(page.getByRole('menuitem', { name: 'Edit' }).elements()).toHaveLength(0);
    expect(page.getByRole('menuitem', { name: 'Delete…' }).elements()).toHaveLength(0);
  });

  test('is deleted after one question', async () => {
    const { client, answer } = await showConversation({ page: conversation });
    const deletedAt = mine.createdAt;
    client.remove.mockImplementation(async () => {
      const deleted = { ...mine, ev: 3, revision: 2, content: '', deletedAt };
      answer(deleted);
      return deleted;
    });
    await openMenu('message 2');
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    expect(client.remove).not.toHaveBeenCalled();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect.element(page.getByText('This message was deleted.')).toBeVisible();
  });

  test('is marked as unread, and the line goes there', async () => {
    const { client } = await showConversation({ page: conversation });
    client.markUnread.mockResolvedValue(exampleConversation({ id: 'c1' }));
    await openMenu('message 1');
    await page.getByRole('menuitem', { name: 'Mark unread from here' }).click();
    expect(client.markUnread).toHaveBeenCalledWith('c1', 1);
    await expect.element(page.getByText('New messages')).toBeVisible();
  });

  test('says why an action failed, and goes on by itself when it was limited', async () => {
    const { client } = await showConversation({ page: conversation });
    client.react.mockRejectedValueOnce(problem(422, 'too_many_emoji'));
    await page.getByRole('button', { name: /^👍/ }).click();
    await expect.element(page.getByRole('alert')).toHaveTextContent('no: too_many_emoji.');
    client.react.mockRejectedValueOnce(problem(429, 'rate_limited', 2000)).mockResolvedValue(mine);
    await page.getByRole('button', { name: /^👍/ }).click();
    await expect.element(page.getByText(/Again in \d s/)).toBeVisible();
    await expect.poll(() => client.react.mock.calls.length, { timeout: 5000 }).toBe(3);
    await expect.poll(() => page.getByRole('alert').elements().length).toBe(0);
  });
});

describe('editing', () => {
  const field = page.getByRole('textbox', { name: 'Edit message' });

  async function editLast() {
    const shown = await showConversation({ page: conversation });
    await page.getByRole('textbox', { name: 'Message' }).click();
    await userEvent.keyboard('{ArrowUp}');
    await expect.element(field).toHaveFocus();
    return shown;
  }

  test('begins with the last own message, and Escape leaves it and the draft as they were', async () => {
    const { client } = await editLast();
    await expect.element(field).toHaveValue('message 2');
    expect(outlined()).toEqual(['message 2']);
    await field.fill('other words');
    await userEvent.keyboard('{Escape}');
    expect(client.edit).not.toHaveBeenCalled();
    await expect.poll(outlined).toEqual([]);
    await expect.element(page.getByRole('textbox', { name: 'Message' })).toHaveValue('');
  });

  test('saves and goes back to writing', async () => {
    const { client } = await editLast();
    client.edit.mockResolvedValue(mine);
    await field.fill('other words');
    await userEvent.keyboard('{Enter}');
    expect(client.edit).toHaveBeenCalledWith(mine2(), 'other words');
    await expect.element(page.getByRole('textbox', { name: 'Message' })).toHaveFocus();
  });

  test('tells of a change that was made elsewhere, and keeps the text', async () => {
    const { client, answer } = await editLast();
    client.edit.mockRejectedValueOnce(problem(412, 'revision_mismatch'));
    await field.fill('my words');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toHaveTextContent('no: revision_mismatch.');
    const theirs: Message = { ...mine, ev: 3, revision: 2, content: 'their words' };
    answer(theirs);
    await expect.element(page.getByRole('alert').getByText('their words')).toBeVisible();
    await expect.element(field).toHaveValue('my words');
    client.edit.mockResolvedValue(mine);
    await page.getByRole('button', { name: 'Save it all the same' }).click();
    expect(client.edit).toHaveBeenLastCalledWith(theirs, 'my words');
  });

  /** What the messages say that are marked. */
  function outlined(): string[] {
    return [...document.querySelectorAll('[data-message] p')]
      .filter((words) => getComputedStyle(words.parentElement ?? words).outlineStyle === 'solid')
      .map(({ textContent }) => textContent);
  }

  function mine2() {
    return expect.objectContaining({ seq: 2, revision: 1 }) as Message;
  }
});
