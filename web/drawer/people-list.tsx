import type { Profile } from '@rov/realtime';
import { useState } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { openConversation } from '../chat/use-route.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { PresenceDot, PresenceLine } from '../ui/presence.tsx';
import { isUnderWay, Refusal } from '../ui/refusal.tsx';
import { useAction } from '../ui/use-action.ts';

/** Contacts without a direct conversation yet: choosing one opens it. */
export function PeopleList({
  people,
  nothingFound,
}: {
  people: readonly Profile[];
  /** Whether something was looked for, and no conversation is it. */
  nothingFound: boolean;
}) {
  const { client } = useChat();
  const { status, trouble: problem } = useWatched((state) => state.people);
  const [whom, setWhom] = useState<string | null>(null);
  const opening = useAction();

  function write(userId: string) {
    setWhom(userId);
    void opening.run(async () => openConversation((await client.openDirect(userId)).id));
  }

  if (status === 'loading' && problem !== null) {
    return (
      <Empty
        title="Your contacts could not be loaded"
        action={<Button onClick={client.resume}>Try again</Button>}
      >
        {problem.message}
      </Empty>
    );
  }
  if (people.length === 0) return nothingFound ? <NothingFound /> : null;
  return (
    <section aria-label="People">
      <h2 className="text-muted px-4 pt-4 pb-1 text-xs font-semibold">People</h2>
      <div className="px-4">
        <Refusal of={opening} />
      </div>
      <ul aria-label="People" className="px-2">
        {people.map((profile) => (
          <PersonItem
            key={profile.id}
            profile={profile}
            opening={isUnderWay(opening) && profile.id === whom}
            onWrite={() => write(profile.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function NothingFound() {
  return <p className="text-muted px-4 py-3 text-sm">Nobody and no conversation by that name.</p>;
}

function PersonItem({
  profile,
  opening,
  onWrite,
}: {
  profile: Profile;
  opening: boolean;
  onWrite: () => void;
}) {
  return (
    <li>
      <button
        type="button"
        className="hover:bg-hover flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-start transition-colors aria-disabled:opacity-60"
        aria-disabled={opening}
        onClick={() => !opening && onWrite()}
      >
        <Avatar profile={profile}>
          <PresenceDot userId={profile.id} wordsBeside />
        </Avatar>
        <span className="min-w-0 flex-1 leading-tight">
          <span className="one-line block">
            <bdi>{profile.name}</bdi>
          </span>
          <PresenceLine userId={profile.id} />
        </span>
      </button>
    </li>
  );
}
