import type { Conversation } from '@rov/realtime';
import { roomOf } from '@rov/realtime/client';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { nameList, profileIn } from '../state/names.ts';
import { Avatar } from '../ui/avatar.tsx';

const SHOWN = 3;

/** Who else has the conversation before their eyes. */
export function WhoLooks({ conversation: { id } }: { conversation: Conversation }) {
  const { client } = useChat();
  const viewing = useWatched((state) => roomOf(state, id).viewing);
  const userIds = Object.keys(viewing);
  if (userIds.length === 0) return null;
  const profiles = userIds.flatMap(
    (userId) => profileIn(client.getState(), { conversationId: id, userId }) ?? [],
  );
  const shown = profiles.slice(0, SHOWN);
  const names = nameList(
    shown.map(({ name }) => name),
    userIds.length,
  );
  const words = `${names} ${userIds.length === 1 ? 'is' : 'are'} looking at this`;
  return (
    <span className="flex min-w-0 items-center gap-2" title={words}>
      <span aria-hidden="true" className="flex -space-x-2">
        {shown.map((profile) => (
          <span key={profile.id} className="ring-canvas rounded-full ring-2">
            <Avatar profile={profile} size="small" />
          </span>
        ))}
      </span>
      {userIds.length > shown.length && (
        <span aria-hidden="true" className="text-muted text-xs">
          +{userIds.length - shown.length}
        </span>
      )}
      <span className="text-muted one-line hidden text-xs lg:block" aria-hidden="true">
        {words}
      </span>
      <span className="sr-only">{words}</span>
    </span>
  );
}
