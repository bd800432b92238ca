import { createChatClient } from '@rov/realtime/client';

import type { Session } from '../session/session.ts';
import { createRoom } from './create-room.ts';
import type { Room } from './create-room.ts';
import { createKept } from './kept.ts';
import { createNotificationChoice } from './notification-choice.ts';

export type ChatModel = ReturnType<typeof createChat>;

/** Everything that one signed-in user's window holds, apart from React. */
export function createChat({
  session,
  storage,
  sharedStorage,
  onUnauthorized,
}: {
  session: Session;
  /** Where what was written outlives a reload. */
  storage: Storage;
  /** What holds in all tabs of the browser. */
  sharedStorage: Storage;
  onUnauthorized: () => void;
}) {
  const kept = createKept({ storage, userId: session.user.id });
  const notifications = createNotificationChoice({
    storage: sharedStorage,
    userId: session.user.id,
  });
  const client = createChatClient({
    api: { baseUrl: '', getAuth: () => session.token },
    userId: session.user.id,
    onUnauthorized,
    storage: kept.pending,
  });
  const rooms = new Map<string, Room>();

  /** The room of a conversation, the same at each call. */
  function room(conversationId: string): Room {
    const known = rooms.get(conversationId) ?? createRoom({ client, kept, conversationId });
    rooms.set(conversationId, known);
    return known;
  }

  /** The user signs out. */
  function forget() {
    kept.forget();
    notifications.turnOff();
  }

  return { me: session.user, client, room, notifications, unsent: kept.unsent, forget };
}
