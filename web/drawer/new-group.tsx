import { asProblem, newClientId } from '@rov/realtime/client';
import { useEffect, useRef, useState } from 'react';
import type { SubmitEvent } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { openConversation } from '../chat/use-route.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { MemberPicker } from './member-picker.tsx';

/** A dialog for a title and the first members. */
export function NewGroup({ onClose }: { onClose: () => void }) {
  const { client } = useChat();
  const { items } = useWatched(({ people }) => people);
  const dialog = useRef<HTMLDialogElement>(null);
  const [title, setTitle] = useState('');
  const [memberIds, setMemberIds] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  // One id for all attempts of this dialog: a lost answer must not leave two groups.
  const [clientId] = useState(newClientId);

  useEffect(() => dialog.current?.showModal(), []);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      const group = { clientId, title: title.trim(), memberIds: [...memberIds] };
      openConversation((await client.createGroup(group)).id);
      onClose();
    } catch (error) {
      setRefusal(asProblem(error).message);
      setBusy(false);
    }
  }

  return (
    <dialog
      ref={dialog}
      aria-label="New group"
      className="border-line bg-raised text-ink shadow-float m-auto w-full max-w-sm rounded-lg border"
      onClose={onClose}
    >
      <form onSubmit={(event) => void submit(event)} className="flex max-h-[80vh] flex-col p-5">
        <h2 className="text-lg font-semibold">New group</h2>
        <label className="mt-4 block text-sm font-medium" htmlFor="group-title">
          Title
        </label>
        <input
          id="group-title"
          required
          maxLength={100}
          autoComplete="off"
          className="border-edge bg-canvas mt-1 h-9 rounded-md border px-2"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <MemberPicker
          people={items.map(({ profile }) => profile)}
          chosen={memberIds}
          onChange={setMemberIds}
        />
        {refusal !== null && <Note tone="danger">{refusal}</Note>}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy || title.trim() === ''}>
            {busy ? 'Creating…' : 'Create group'}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
