import type { ChatChannelEvent } from '@rov/realtime';

import { createApi } from '../api.ts';
import type { Session } from '../session/session.ts';
import { createInbox } from './create-inbox.ts';
import { createPeople } from './create-people.ts';
import { createRoom } from './create-room.ts';
import type { Room } from './create-room.ts';

export type ChatModel = ReturnType<typeof createChat>;

/** Everything that one signed-in user's window holds, apart from React and the socket. */
export function createChat({
  session,
  onUnauthorized,
}: {
  session: Session;
  onUnauthorized: () => void;
}) {
  const me = session.user;
  const api = createApi({ token: session.token, onUnauthorized });
  const inbox = createInbox({ api, me: me.id });
  const people = createPeople({ api });
  const rooms = new Map<string, Room>();

  /** The room of a conversation, the same at each call. */
  function room(conversationId: string): Room {
    const known = rooms.get(conversationId) ?? createRoom({ api, me, conversationId });
    rooms.set(conversationId, known);
    return known;
  }

  /** An event of the user's own channel. */
  function hear(event: ChatChannelEvent) {
    inbox.hear(event);
    if (event.type === 'new_message') rooms.get(event.conversationId)?.expect(event.seq);
    if (event.type === 'conversation_removed') forget(event.conversationId);
  }

  /** Whoever was removed keeps nothing; coming back, they see what they may see then. */
  function forget(conversationId: string) {
    rooms.get(conversationId)?.stop();
    rooms.delete(conversationId);
  }

  function start() {
    inbox.refresh();
    people.refresh();
  }

  /** The connection is back: whatever waits for its time need not wait longer. */
  function resume() {
    inbox.resume();
    people.resume();
    for (const known of rooms.values()) known.resume();
  }

  function stop() {
    inbox.stop();
    people.stop();
    for (const known of rooms.values()) known.stop();
  }

  return { me, inbox, people, room, hear, start, resume, stop };
}
