import { useState } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { openConversation } from '../chat/use-route.ts';
import { matchingConversations, matchingPeople } from '../state/find.ts';
import { ConversationList } from './conversation-list.tsx';
import { DrawerHeader } from './drawer-header.tsx';
import { Finder } from './finder.tsx';
import { NewGroup } from './new-group.tsx';
import { PeopleList } from './people-list.tsx';

/** The user's conversations, newest first, and below them the people to start one with. */
export function ChatDrawer({
  openId,
  onSignOut,
}: {
  openId: string | null;
  onSignOut: () => void;
}) {
  const { me } = useChat();
  const list = useWatched(({ inbox }) => inbox);
  const { items } = useWatched(({ people }) => people);
  const [words, setWords] = useState('');
  const [makingGroup, setMakingGroup] = useState(false);
  const found = matchingConversations(list.conversations, { words, me: me.id });
  const strangers = matchingPeople(items, { words, me: me.id, conversations: list.conversations });
  return (
    <>
      <DrawerHeader me={me} onNewGroup={() => setMakingGroup(true)} onSignOut={onSignOut} />
      <Finder
        value={words}
        onChange={setWords}
        onEnter={() => found[0] !== undefined && openConversation(found[0].id)}
      />
      <div className="min-h-0 flex-1 overflow-y-auto pb-4">
        <ConversationList conversations={found} openId={openId} filtered={words !== ''} />
        <PeopleList people={strangers} nothingFound={words !== '' && found.length === 0} />
      </div>
      {makingGroup && <NewGroup onClose={() => setMakingGroup(false)} />}
    </>
  );
}
