import type { Conversation } from '@rov/realtime';
import { useState } from 'react';

import { closeConversation } from '../chat/use-route.ts';
import { GroupPanel } from '../members/group-panel.tsx';
import { membersWords, peerOf, titleOf } from '../state/who.ts';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { BackIcon, PeopleIcon } from '../ui/icons.tsx';
import { PresenceDot, PresenceLine } from '../ui/presence.tsx';
import { WhoLooks } from './who-looks.tsx';

export function ConversationHeader({
  conversation,
  me,
}: {
  conversation: Conversation;
  me: string;
}) {
  const [showsGroup, setShowsGroup] = useState(false);
  const peer = peerOf(conversation, me);
  const title = titleOf(conversation, me);
  return (
    <header className="border-line relative flex h-14 shrink-0 items-center gap-3 border-b ps-2 pe-2 md:ps-4">
      <IconButton
        label="Back to conversations"
        className="relative z-1 md:hidden"
        onClick={closeConversation}
      >
        <BackIcon />
      </IconButton>
      <Avatar profile={peer ?? { id: conversation.id, name: title, image: conversation.image }}>
        {peer !== undefined && <PresenceDot userId={peer.id} wordsBeside />}
      </Avatar>
      <div className="min-w-0 flex-1 leading-tight">
        <h1 className="one-line font-semibold">
          <bdi>{title}</bdi>
        </h1>
        {peer === undefined ? (
          <p className="text-muted one-line text-sm">{membersLine(conversation)}</p>
        ) : (
          <PresenceLine userId={peer.id} />
        )}
      </div>
      <WhoLooks conversation={conversation} />
      {conversation.kind === 'group' && (
        // Takes clicks on the whole header: who wants to know more of a group points at its name.
        <IconButton
          label="Group details"
          className="before:absolute before:inset-0"
          onClick={() => setShowsGroup(true)}
        >
          <PeopleIcon />
        </IconButton>
      )}
      {showsGroup && (
        <GroupPanel conversation={conversation} me={me} onClose={() => setShowsGroup(false)} />
      )}
    </header>
  );
}

function membersLine({ memberCount, members }: Conversation): string {
  const names = members.map(({ name }) => name).join(', ');
  return memberCount <= members.length ? names : membersWords(memberCount);
}
