import type { Conversation, Member, Profile } from '@rov/realtime';
import { useState } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { mayRemove, ROLE_WORDS, rolesToGive } from '../state/what-one-may.ts';
import { AskFirst } from '../ui/ask-first.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { PresenceDot, PresenceLine } from '../ui/presence.tsx';
import { Refusal } from '../ui/refusal.tsx';
import { useAction } from '../ui/use-action.ts';
import { MemberMenu } from './member-menu.tsx';

/** Somebody in a group, and what one's own role allows to do about it. */
export function MemberItem({
  conversation: { id: conversationId, role: own },
  member: { userId, role, profile },
  isMe,
  onChanged,
  onRemoved,
}: {
  conversation: Conversation;
  member: Member;
  isMe: boolean;
  onChanged: () => void;
  onRemoved: () => void;
}) {
  const { client } = useChat();
  const [asksToRemove, setAsksToRemove] = useState(false);
  const changing = useAction();
  const removing = useAction();

  function remove() {
    const ask = () => client.removeMember(conversationId, userId);
    void removing.run(ask, () => {
      onRemoved();
      onChanged();
    });
  }

  return (
    <li>
      <div className="flex items-center gap-3 py-1">
        <Person profile={profile} isMe={isMe} />
        <span className="text-muted text-sm">{ROLE_WORDS[role]}</span>
        <MemberMenu
          name={profile.name}
          roles={rolesToGive(own, role)}
          removable={!isMe && mayRemove(own, role)}
          onGive={(next) =>
            void changing.run(() => client.changeRole(conversationId, userId, next), onChanged)
          }
          onRemove={() => setAsksToRemove(true)}
        />
      </div>
      <Refusal of={changing} />
      {asksToRemove && (
        <AskFirst
          question={`Remove ${profile.name} from the group?`}
          answer="Remove"
          action={removing}
          onYes={remove}
          onNo={() => setAsksToRemove(false)}
        />
      )}
    </li>
  );
}

function Person({ profile, isMe }: { profile: Profile; isMe: boolean }) {
  return (
    <>
      <Avatar profile={profile}>
        <PresenceDot userId={profile.id} wordsBeside />
      </Avatar>
      <div className="min-w-0 flex-1 leading-tight">
        <p className="one-line">
          <bdi>{profile.name}</bdi>
          {isMe && <span className="text-muted"> (you)</span>}
        </p>
        <PresenceLine userId={profile.id} />
      </div>
    </>
  );
}
