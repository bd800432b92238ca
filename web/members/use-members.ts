import type { Member, MemberList } from '@rov/realtime';
import { asProblem } from '@rov/realtime/client';
import type { ApiProblem, ChatClient } from '@rov/realtime/client';
import { useEffect, useState } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { membershipMark } from '../state/membership-mark.ts';

type Held = { items: readonly Member[]; hasMore: boolean };

/** Who is in a conversation, as far as it was asked for; read again whenever it may have changed. */
export function useMembers(conversationId: string) {
  const { client } = useChat();
  const mark = useWatched((state) => membershipMark(state, conversationId));
  const [pages, setPages] = useState(1);
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<Held | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  useEffect(() => {
    let current = true;
    readPages(client, { conversationId, pages })
      .then((read) => {
        if (!current) return;
        setHeld(read);
        setProblem(null);
      })
      .catch((error: unknown) => current && setProblem(asProblem(error)));
    return () => {
      current = false;
    };
  }, [client, conversationId, mark, pages, attempt]);

  return {
    held,
    problem,
    showMore: () => setPages((count) => count + 1),
    readAgain: () => setAttempt((count) => count + 1),
  };
}

async function readPages(
  client: ChatClient,
  { conversationId, pages }: { conversationId: string; pages: number },
): Promise<Held> {
  const items: Member[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages && (page === 0 || cursor !== null); page += 1) {
    const list: MemberList = await client.members(conversationId, {
      ...(cursor === null ? {} : { cursor }),
      limit: 100,
    });
    items.push(...list.items);
    cursor = list.nextCursor;
  }
  return { items, hasMore: cursor !== null };
}
