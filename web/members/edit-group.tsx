import type { Conversation } from '@rov/realtime';
import { useState } from 'react';
import type { SubmitEvent } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { Button } from '../ui/button.tsx';
import { isUnderWay, Refusal } from '../ui/refusal.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useAction } from '../ui/use-action.ts';

/** A group's title and picture, as they are to be. */
export function EditGroup({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { client } = useChat();
  const [title, setTitle] = useState(conversation.title ?? '');
  const [image, setImage] = useState(conversation.image ?? '');
  const saving = useAction();

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const to = { title: title.trim(), image: image.trim() || null };
    void saving.run(() => client.changeConversation(conversation.id, to), onClose);
  }

  return (
    <form className="space-y-3" onSubmit={submit}>
      <TextField label="Title" required maxLength={100} value={title} onChange={setTitle} />
      <TextField
        label="Address of a picture (https), if any"
        type="url"
        pattern="https://.+"
        maxLength={2000}
        value={image}
        onChange={setImage}
      />
      <Refusal of={saving} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={isUnderWay(saving) || title.trim() === ''}>
          Save
        </Button>
      </div>
    </form>
  );
}
