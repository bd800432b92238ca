'use client';

import { chatChannel } from '@rov/realtime';
import {
  RealtimeProvider,
  useCentrifugo,
  useConversations,
  usePresence,
} from '@rov/realtime/react';
import { useState } from 'react';

import { createChatTokens } from '../lib/chat-tokens.ts';
import type { Person } from '../lib/people.ts';
import { Conversation } from './conversation.tsx';

interface ChatProps {
  user: Person;
  others: readonly Person[];
  apiUrl: string;
}

export function Chat({ user, others, apiUrl }: ChatProps) {
  const [getAuth] = useState(createChatTokens);
  return (
    <RealtimeProvider api={{ baseUrl: apiUrl, getAuth }} userId={user.id}>
      <LastMessage userId={user.id} />
      <People others={others} />
    </RealtimeProvider>
  );
}

/** Whatever comes in, whichever conversation is open. */
function LastMessage({ userId }: { userId: string }) {
  const [last, setLast] = useState('');
  const { status } = useCentrifugo({}, chatChannel(userId), (event) => {
    if (event.type === 'new_message') setLast(event.preview);
  });
  return (
    <p>
      {status}, last message: <output aria-label="Last message">{last}</output>
    </p>
  );
}

function People({ others }: { others: readonly Person[] }) {
  const { statusOf } = usePresence();
  const { openDirect } = useConversations();
  const [conversationId, setConversationId] = useState<string>();

  async function open(person: Person) {
    const { id } = await openDirect(person.id);
    setConversationId(id);
  }

  return (
    <>
      <ul aria-label="People">
        {others.map((person) => (
          <li key={person.id}>
            <button onClick={() => void open(person)}>{person.name}</button>{' '}
            <small>{statusOf(person.id)}</small>
          </li>
        ))}
      </ul>
      {conversationId !== undefined && <Conversation key={conversationId} id={conversationId} />}
    </>
  );
}
