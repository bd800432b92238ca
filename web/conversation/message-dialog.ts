import type { Message } from '@rov/realtime';

import type { Room } from '../chat/create-room.ts';

/** What every dialog about a message is given. */
export interface MessageDialogProps {
  message: Message;
  room: Room;
  onClose: () => void;
}
