import { useState } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { lostWords } from '../state/lost-words.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SignOutIcon } from '../ui/icons.tsx';

/** At once, except where something that was written would be lost: then it asks. */
export function SignOut({ onSignOut }: { onSignOut: () => void }) {
  const { unsent } = useChat();
  const [lost, setLost] = useState<string | null>(null);

  function ask() {
    const words = lostWords(unsent());
    if (words === null) onSignOut();
    else setLost(words);
  }

  return (
    <>
      <IconButton label="Sign out" onClick={ask}>
        <SignOutIcon />
      </IconButton>
      {lost !== null && (
        <Dialog label="Sign out?" onClose={() => setLost(null)}>
          <div className="p-5">
            <h2 className="text-lg font-semibold">Sign out?</h2>
            <p className="text-muted mt-1 text-sm">{lost}</p>
            <div className="mt-4 flex justify-end gap-2">
              <Button onClick={() => setLost(null)}>Stay</Button>
              <Button look="danger" onClick={onSignOut}>
                Sign out anyway
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
