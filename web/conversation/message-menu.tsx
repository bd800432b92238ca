import type { Message } from '@rov/realtime';

import { Menu, MenuItem } from '../ui/menu.tsx';
import type { Action } from '../ui/use-action.ts';
import { copyText } from './copy-text.ts';
import { useOpenRoom } from './open-room.ts';
import { Palette } from './palette.tsx';

/** Everything that can be done with a message. */
export function MessageMenu({
  id,
  message,
  mine,
  action,
}: {
  id: string;
  message: Message;
  mine: boolean;
  action: Action;
}) {
  const { room, edit, remove, markedUnread } = useOpenRoom();
  const { content, seq } = message;
  const deleted = (message.deletedAt ?? null) !== null;

  function markUnread() {
    void action.run(
      () => room.markUnread(seq),
      () => markedUnread(seq),
    );
  }

  return (
    <Menu id={id} label="Message actions">
      {!deleted && (
        <>
          <Palette message={message} action={action} />
          <MenuItem onClick={() => void action.run(() => copyText(content))}>Copy text</MenuItem>
        </>
      )}
      <MenuItem onClick={markUnread}>Mark unread from here</MenuItem>
      {mine && !deleted && (
        <>
          <MenuItem onClick={() => edit(message)}>Edit</MenuItem>
          <MenuItem danger onClick={() => remove(message)}>
            Delete…
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
