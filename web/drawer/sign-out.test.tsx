import '../style.css';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';

import { showPart } from '../../test/browser/show-part.tsx';
import { createKept } from '../chat/kept.ts';
import { SignOut } from './sign-out.tsx';

const button = (name: string) => page.getByRole('button', { name, exact: true });

beforeEach(() => sessionStorage.clear());

describe('signing out', () => {
  test('is one click where nothing would be lost', async () => {
    const onSignOut = vi.fn<() => void>();
    await showPart(<SignOut onSignOut={onSignOut} />);
    await button('Sign out').click();
    expect(onSignOut).toHaveBeenCalledOnce();
  });

  test('asks where something that was written would be lost', async () => {
    const kept = createKept({ storage: sessionStorage, userId: 'ann' });
    const send = (clientId: string) => ({ clientId, content: 'hello', writtenAt: 1 });
    kept.keepDraft('c2', 'half a thought');
    void kept.pending.save(['a', 'b'].map((id) => ({ conversationId: 'c1', send: send(id) })));
    const onSignOut = vi.fn<() => void>();
    await showPart(<SignOut onSignOut={onSignOut} />);
    await button('Sign out').click();
    await expect
      .element(page.getByText('You will lose 2 unsent messages and 1 draft.'))
      .toBeVisible();
    await button('Stay').click();
    await expect.element(button('Sign out')).toHaveFocus();
    expect(onSignOut).not.toHaveBeenCalled();
    await button('Sign out').click();
    await button('Sign out anyway').click();
    expect(onSignOut).toHaveBeenCalledOnce();
  });
});
