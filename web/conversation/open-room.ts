import type { Message } from '@rov/realtime';
import { createContext, useContext } from 'react';

import type { Room } from '../chat/create-room.ts';

/** What every message of the open conversation needs; the same object as long as it is open. */
export interface OpenRoom {
  room: Room;
  /** Whether messages tell who sent them. */
  named: boolean;
  edit: (message: Message) => void;
  /** Asks first. */
  remove: (message: Message) => void;
  /** Lets one react with any emoji. */
  chooseEmoji: (message: Message) => void;
  /** Shows who has read it. */
  showReaders: (message: Message) => void;
  /** The line above what is unread goes there. */
  markedUnread: (seq: number) => void;
}

const OpenRoomContext = createContext<OpenRoom | null>(null);

export const OpenRoomProvider = OpenRoomContext.Provider;

export function useOpenRoom(): OpenRoom {
  const open = useContext(OpenRoomContext);
  if (open === null) throw new Error('useOpenRoom needs an OpenRoomProvider around it');
  return open;
}
