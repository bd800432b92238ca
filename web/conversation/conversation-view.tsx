import type { Conversation } from '@rov/realtime';
import { conversationOf, isLookedUp } from '@rov/realtime/client';
import { useEffect, useState } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { closeConversation } from '../chat/use-route.ts';
import { titleOf } from '../state/who.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { OpenConversation } from './open-conversation.tsx';

/** One conversation by its id, in its states: not in the list yet, not there at all, open. */
export function ConversationView({ conversationId }: { conversationId: string }) {
  const { me, client } = useChat();
  const conversation = useWatched((state) => conversationOf(state, conversationId));
  const coming = useWatched((state) => isLookedUp(state, conversationId));
  const ready = useWatched(({ inbox }) => inbox.status === 'ready');
  useEffect(() => {
    if (ready) client.lookUp(conversationId);
  }, [ready, client, conversationId]);

  const [lastTitle, setLastTitle] = useState<string | null>(null);
  const title = conversation === undefined ? lastTitle : titleOf(conversation, me.id);
  if (title !== lastTitle) setLastTitle(title);

  if (conversation !== undefined) return <Opened conversation={conversation} />;
  if (!ready || coming) {
    return (
      <div className="p-6">
        <Skeleton rows={4} label="Loading conversation" />
      </div>
    );
  }
  return (
    <div className="grid flex-1 place-items-center">
      <Empty
        title={
          title === null
            ? 'This conversation is not available'
            : `You are not in “${title}” any more`
        }
        action={<Button onClick={closeConversation}>Back to the list</Button>}
      >
        {title === null
          ? 'It does not exist, or you are not in it.'
          : 'You left it or were removed. What was said in it is not shown here any more.'}
      </Empty>
    </div>
  );
}

function Opened({ conversation }: { conversation: Conversation }) {
  const room = useChat().room(conversation.id);
  return <OpenConversation conversation={conversation} room={room} />;
}
