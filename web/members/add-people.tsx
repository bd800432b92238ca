import type { Member } from '@rov/realtime';
import { useState } from 'react';
import type { SubmitEvent } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { MemberPicker } from '../drawer/member-picker.tsx';
import { Button } from '../ui/button.tsx';
import { isUnderWay, Refusal } from '../ui/refusal.tsx';
import { useAction } from '../ui/use-action.ts';

/** One's contacts who are not in the group, to be invited. */
export function AddPeople({
  conversationId,
  inAlready,
  onAdded,
  onClose,
}: {
  conversationId: string;
  inAlready: readonly Member[];
  onAdded: () => void;
  onClose: () => void;
}) {
  const { client } = useChat();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const adding = useAction();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    void adding.run(
      () => client.addMembers(conversationId, chosen),
      () => {
        onAdded();
        onClose();
      },
    );
  }

  return (
    <form onSubmit={submit}>
      <MemberPicker
        label="People to add"
        without={inAlready.map(({ userId }) => userId)}
        chosen={chosen}
        onChange={setChosen}
      />
      <Refusal of={adding} />
      <div className="mt-3 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={isUnderWay(adding) || chosen.length === 0}>
          Add
        </Button>
      </div>
    </form>
  );
}
