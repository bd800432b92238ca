import type { Message, MessageReceipts } from '@rov/realtime';
import { useCallback, useEffect, useState } from 'react';

import type { Room } from '../chat/create-room.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Refusal } from '../ui/refusal.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useAction } from '../ui/use-action.ts';
import type { MessageDialogProps } from './message-dialog.ts';

const TITLE = 'Who has read it';
const WORDS = { read: 'Read', delivered: 'Delivered', sent: 'Not yet' };

/** Who of a group has read a message, as the server knows it at that moment. */
export function ReadersDialog({ message, room, onClose }: MessageDialogProps) {
  const { items, loading, more, action } = useReaders(message, room);
  return (
    <Dialog label={TITLE} onClose={onClose}>
      <div className="p-5">
        <h2 className="text-lg font-semibold">{TITLE}</h2>
        <ul className="mt-3 max-h-80 overflow-y-auto">
          {items.map(({ profile, state }) => (
            <li key={profile.id} className="flex items-center gap-3 py-1">
              <Avatar profile={profile} size="small" />
              <bdi className="one-line min-w-0 flex-1">{profile.name}</bdi>
              <span className="text-muted text-sm">{WORDS[state]}</span>
            </li>
          ))}
        </ul>
        {loading && <Skeleton rows={2} label="Loading readers" />}
        <Refusal of={action} />
        <div className="mt-4 flex justify-end gap-2">
          {more !== null && <Button onClick={more}>Show more</Button>}
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}

function useReaders(message: Message, room: Room) {
  const [pages, setPages] = useState<readonly MessageReceipts[]>([]);
  const action = useAction();
  const { run } = action;
  const load = useCallback(
    (cursor: string | null) =>
      run(async () => {
        const page = await room.receiptsOf(message, { cursor });
        setPages((known) => (cursor === null ? [page] : [...known, page]));
      }),
    [run, room, message],
  );
  useEffect(() => void load(null), [load]);
  const cursor = pages.at(-1)?.nextCursor ?? null;
  return {
    items: pages.flatMap((page) => page.items),
    loading: action.state.status === 'busy',
    more: cursor === null ? null : () => void load(cursor),
    action,
  };
}
