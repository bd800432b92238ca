import '../style.css';
import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { showConversation } from '../../test/browser/fake-chat.tsx';

const field = page.getByRole('textbox', { name: 'Message' });

beforeEach(() => sessionStorage.clear());

describe('the composer', () => {
  test("does not take the Enter of an input method's word for the end of the message", async () => {
    const { client } = await showConversation();
    await field.fill('にほん');
    const enter = { key: 'Enter', bubbles: true, cancelable: true };
    field.element().dispatchEvent(new KeyboardEvent('keydown', { ...enter, isComposing: true }));
    expect(client.send).not.toHaveBeenCalled();
    field.element().dispatchEvent(new KeyboardEvent('keydown', enter));
    expect(client.send).toHaveBeenCalledWith('c1', 'にほん');
  });

  test('breaks the line on Shift+Enter, and tells how much is too much', async () => {
    const { client } = await showConversation();
    await field.fill('one');
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}two');
    await expect.element(field).toHaveValue('one\ntwo');
    await field.fill('x'.repeat(4001));
    await expect.element(page.getByText('1 too many')).toBeVisible();
    await userEvent.keyboard('{Enter}');
    expect(client.send).not.toHaveBeenCalled();
  });

  test('has the draft again when the conversation is opened again', async () => {
    const { screen } = await showConversation();
    await field.fill('half a thought');
    await screen.unmount();
    await showConversation();
    await expect.element(field).toHaveValue('half a thought');
    await userEvent.keyboard('{Enter}');
    expect(Object.values(sessionStorage).join()).not.toContain('half a thought');
  });
});
