import type { Conversation } from '@rov/realtime';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ConversationItem } from './conversation-item.tsx';

/** The list in its states: on its way, not to be had, empty, there. */
export function ConversationList({
  conversations,
  openId,
  filtered,
}: {
  conversations: readonly Conversation[];
  openId: string | null;
  filtered: boolean;
}) {
  const { me, client } = useChat();
  const list = useWatched(({ inbox }) => inbox);
  const { wantsMore: loadingMore, trouble: problem } = list;
  if (list.status === 'loading') {
    if (problem === null) return <Loading />;
    return (
      <Empty
        title="Your conversations could not be loaded"
        action={<Button onClick={client.resume}>Try again</Button>}
      >
        {problem.message}
      </Empty>
    );
  }
  if (conversations.length === 0) {
    return filtered ? null : (
      <Empty title="No conversations yet">Write to somebody below, or make a group.</Empty>
    );
  }
  return (
    <nav aria-label="Conversations">
      <ul aria-label="Conversations" className="px-2">
        {conversations.map((conversation) => (
          <ConversationItem
            key={conversation.id}
            conversation={conversation}
            me={me.id}
            open={conversation.id === openId}
          />
        ))}
      </ul>
      {list.nextCursor !== null && !filtered && (
        <div className="px-4 py-2">
          <Button className="w-full" disabled={loadingMore} onClick={client.loadMore}>
            {loadingMore ? 'Loading…' : 'Show more'}
          </Button>
        </div>
      )}
    </nav>
  );
}

function Loading() {
  return (
    <div className="px-4">
      <Skeleton rows={6} label="Loading conversations" />
    </div>
  );
}
