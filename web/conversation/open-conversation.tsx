import type { Conversation } from '@rov/realtime';
import { roomOf } from '@rov/realtime/client';
import { useEffect, useState } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import type { Room } from '../chat/create-room.ts';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { LoadProblem } from './load-problem.tsx';
import { MessageLog } from './message-log.tsx';
import { WhoWrites } from './who-writes.tsx';

export function OpenConversation({
  conversation,
  room,
}: {
  conversation: Conversation;
  room: Room;
}) {
  const { me, client } = useChat();
  const { id } = conversation;
  const state = useWatched((known) => roomOf(known, id));
  // The line above what is unread stays where it was when the conversation was opened.
  const [unreadAfter] = useState(conversation.unreadCount > 0 ? conversation.lastReadSeq : null);
  // Counts the sends of this view: each takes the log to its end.
  const [sends, setSends] = useState(0);

  useEffect(() => client.open(id), [client, id]);

  function send(content: string) {
    room.send(content);
    setSends((count) => count + 1);
  }

  const loaded = state.transcript.epoch !== null;
  return (
    <section aria-label="Conversation" className="bg-canvas flex min-h-0 flex-1 flex-col">
      <ConversationHeader conversation={conversation} me={me.id} />
      {loaded ? (
        <MessageLog
          conversation={conversation}
          room={room}
          state={state}
          unreadAfter={unreadAfter}
          sends={sends}
        />
      ) : (
        <LoadProblem problem={state.trouble} onRetry={client.resume} />
      )}
      <WhoWrites conversation={conversation} userIds={Object.keys(state.typing)} />
      <Composer room={room} onSend={send} />
    </section>
  );
}
