import '../style.css';
import type { Member } from '@rov/realtime';
import { ApiProblem } from '@rov/realtime/client';
import type { ChatClient, ChatInput } from '@rov/realtime/client';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';

import { showPart } from '../../test/browser/show-part.tsx';
import { exampleConversation, exampleProfile } from '../../test/chat-client/example.ts';
import { useWatched } from '../chat/chat-context.ts';
import { GroupPanel } from './group-panel.tsx';

type Role = Member['role'];

const member = (id: string, role: Role): Member => ({
  ...{ userId: id, role, joinedSeq: 1, profile: exampleProfile(id) },
});
const people: ChatInput = {
  type: 'people',
  asked: 0,
  items: ['ben', 'eve'].map((id) => ({
    profile: exampleProfile(id),
    presence: { userId: id, status: 'offline', lastSeenAt: null, version: 1 },
  })),
};

/** A button that opens Ann's panel of a group with Ben in it and, where told, with others. */
async function openPanel({
  role = 'owner',
  answers = {},
}: { role?: Role; answers?: Partial<ChatClient> } = {}) {
  const group = exampleConversation({ id: 'c1', kind: 'group', title: 'Plans', role });
  let inIt = [member('ann', role), member('ben', 'member')];
  const parts = {
    members: async () => ({ items: inIt, nextCursor: null }),
    removeMember: vi.fn<ChatClient['removeMember']>(async (_id, userId) => {
      inIt = inIt.filter((one) => one.userId !== userId);
      return null;
    }),
    changeRole: vi.fn<ChatClient['changeRole']>(async (_id, userId, next) => {
      inIt = inIt.map((one) => (one.userId === userId ? { ...one, role: next } : one));
      return member(userId, next);
    }),
    addMembers: vi.fn<ChatClient['addMembers']>(async (_id, userIds) => {
      inIt = [...inIt, ...userIds.map((id) => member(id, 'member'))];
      return { items: inIt, nextCursor: null };
    }),
    ...answers,
  };
  const list = { items: [group], nextCursor: null };
  const shown = await showPart(<Opener />, {
    inputs: [{ type: 'list', list, asked: 0 }, people],
    answers: parts,
  });
  await page.getByRole('button', { name: 'Open' }).click();
  return { ...shown, ...parts };
}

function Opener() {
  const [open, setOpen] = useState(false);
  const group = useWatched(({ inbox }) => inbox.conversations[0]);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {open && group && <GroupPanel conversation={group} me="ann" onClose={() => setOpen(false)} />}
    </>
  );
}

const itemOf = (name: string) =>
  page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const refusal = (status: number, code: string, retryAfterMs: number | null = null) =>
  new ApiProblem({ status, code, message: `No: ${code}.`, retryAfterMs });

describe('the panel of a group', () => {
  test('gives an owner everything, and a change shows without anything else being heard', async () => {
    const { changeRole } = await openPanel();
    await button('Change Ben').click();
    await page.getByRole('menuitem', { name: 'Make admin' }).click();
    expect(changeRole).toHaveBeenCalledWith('c1', 'ben', 'admin');
    await expect.element(itemOf('Ben').getByText('Admin', { exact: true })).toBeVisible();
  });

  test('shows a member nothing that a member may not do', async () => {
    await openPanel({ role: 'member' });
    await expect.element(itemOf('Ben')).toBeVisible();
    for (const name of ['Add people', 'Change title or picture', 'Change Ben', 'Change Ann']) {
      expect(button(name).query()).toBeNull();
    }
    await expect.element(button('Leave group')).toBeVisible();
  });

  test('asks before it removes, keeps the focus inside, and reads again who is left', async () => {
    const { removeMember } = await openPanel();
    await button('Change Ben').click();
    await page.getByRole('menuitem', { name: 'Remove from group…' }).click();
    await expect.element(button('Cancel')).toHaveFocus();
    await button('Cancel').click();
    await expect.element(button('Change Ben')).toHaveFocus();
    expect(removeMember).not.toHaveBeenCalled();
    await button('Change Ben').click();
    await page.getByRole('menuitem', { name: 'Remove from group…' }).click();
    await button('Remove').click();
    await expect.element(itemOf('Ben')).not.toBeInTheDocument();
    expect(document.activeElement?.closest('dialog')).not.toBeNull();
  });

  test('adds those who are not in it', async () => {
    const { addMembers } = await openPanel();
    await button('Add people').click();
    expect(page.getByRole('checkbox', { name: 'Ben' }).query()).toBeNull();
    await page.getByRole('checkbox', { name: 'Eve' }).click();
    await button('Add').click();
    expect(addMembers).toHaveBeenCalledWith('c1', ['eve']);
    await expect.element(itemOf('Eve')).toBeVisible();
    await expect.element(button('Add people')).toHaveFocus();
  });

  test('tells the last owner what to do before they leave', async () => {
    await openPanel({ answers: { leave: () => Promise.reject(refusal(409, 'last_owner')) } });
    await button('Leave group').click();
    await button('Leave').click();
    await expect.element(page.getByText(/Make somebody else an owner/)).toBeVisible();
  });

  test('counts down where it was too much at once, and goes on by itself', async () => {
    const leave = vi
      .fn<ChatClient['leave']>(async () => {})
      .mockRejectedValueOnce(refusal(429, 'rate_limited', 2000));
    await openPanel({ answers: { leave } });
    await button('Leave group').click();
    await button('Leave').click();
    await expect.element(page.getByText(/Again in \d s/)).toBeVisible();
    await vi.waitFor(() => expect(leave).toHaveBeenCalledTimes(2), { timeout: 5000 });
  });

  test('says that the members could not be read, and reads them when asked', async () => {
    const members = vi
      .fn<ChatClient['members']>(async () => ({
        items: [member('ann', 'owner')],
        nextCursor: null,
      }))
      .mockRejectedValueOnce(refusal(503, 'unavailable'));
    await openPanel({ answers: { members } });
    await expect.element(page.getByText('The members could not be loaded')).toBeVisible();
    await button('Try again').click();
    await expect.element(itemOf('Ann (you)')).toBeVisible();
  });

  test('reads page after page', async () => {
    const members: ChatClient['members'] = async (_id, asked) =>
      (asked?.cursor ?? null) === null
        ? { items: [member('ann', 'owner')], nextCursor: 'ann' }
        : { items: [member('zoe', 'member')], nextCursor: null };
    await openPanel({ answers: { members } });
    await button('Show more').click();
    await expect.element(itemOf('Zoe')).toBeVisible();
    expect(button('Show more').query()).toBeNull();
  });

  test('reads again when somebody came', async () => {
    const members = vi.fn<ChatClient['members']>(async () => ({ items: [], nextCursor: null }));
    const { tell } = await openPanel({ answers: { members } });
    const row = exampleConversation({ id: 'c1', kind: 'group', ev: 4, memberCount: 3 });
    tell({ type: 'row', conversationId: 'c1', row, asked: 9 });
    await vi.waitFor(() => expect(members).toHaveBeenCalledTimes(2));
  });

  test('closes on Escape, and the focus is where it was', async () => {
    await openPanel();
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    await expect.element(button('Open')).toHaveFocus();
  });
});
