import { newClientId } from '@rov/realtime/client';
import { useRef, useState } from 'react';
import type { SubmitEvent } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { openConversation } from '../chat/use-route.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { isUnderWay, Refusal } from '../ui/refusal.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useAction } from '../ui/use-action.ts';
import { MemberPicker } from './member-picker.tsx';

/** A dialog for a title and the first members. */
export function NewGroup({ onClose }: { onClose: () => void }) {
  const { client } = useChat();
  const [title, setTitle] = useState('');
  const [memberIds, setMemberIds] = useState<readonly string[]>([]);
  const creating = useAction();
  const group = { title: title.trim(), memberIds: [...memberIds] };
  const attempt = useRef({ clientId: '', content: '' });

  /** One for all attempts at the same group: a lost answer must not leave two. */
  function clientIdOf(content: string): string {
    if (attempt.current.content !== content) attempt.current = { clientId: newClientId(), content };
    return attempt.current.clientId;
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const clientId = clientIdOf(JSON.stringify(group));
    void creating.run(async () => {
      openConversation((await client.createGroup({ clientId, ...group })).id);
    }, onClose);
  }

  return (
    <Dialog label="New group" onClose={onClose}>
      <form onSubmit={submit} className="flex max-h-[80dvh] flex-col gap-4 overflow-y-auto p-5">
        <h2 className="text-lg font-semibold">New group</h2>
        <TextField label="Title" required maxLength={100} value={title} onChange={setTitle} />
        <MemberPicker label="Members" chosen={memberIds} onChange={setMemberIds} />
        <Refusal of={creating} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            disabled={isUnderWay(creating) || group.title === ''}
          >
            {creating.state.status === 'busy' ? 'Creating…' : 'Create group'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
