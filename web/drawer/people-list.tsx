import type { Profile } from '@rov/realtime';
import { asProblem } from '@rov/realtime/client';
import { useState } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { openConversation } from '../chat/use-route.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Note } from '../ui/note.tsx';
import { PresenceDot, PresenceText } from '../ui/presence.tsx';

/** Contacts without a direct conversation yet: choosing one opens it. */
export function PeopleList({
  people,
  filtered,
}: {
  people: readonly Profile[];
  filtered: boolean;
}) {
  const { client } = useChat();
  const { status, trouble: problem } = useWatched((state) => state.people);
  const [opening, setOpening] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function write(userId: string) {
    setOpening(userId);
    setRefusal(null);
    try {
      openConversation((await client.openDirect(userId)).id);
    } catch (error) {
      setRefusal(asProblem(error).message);
    } finally {
      setOpening(null);
    }
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
  if (people.length === 0) return filtered ? <NothingFound /> : null;
  return (
    <section aria-label="People">
      <h2 className="text-muted px-4 pt-4 pb-1 text-xs font-semibold">People</h2>
      {refusal !== null && (
        <div className="px-4 pb-2">
          <Note tone="danger">{refusal}</Note>
        </div>
      )}
      <ul aria-label="People" className="px-2">
        {people.map((profile) => (
          <PersonItem
            key={profile.id}
            profile={profile}
            opening={opening === profile.id}
            onWrite={() => void write(profile.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function NothingFound() {
  return <p className="text-muted px-4 py-3 text-sm">Nobody else by that name.</p>;
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
        className="hover:bg-hover flex w-full items-center gap-3 rounded-md px-2 py-1.5 text-start transition-colors disabled:opacity-60"
        disabled={opening}
        onClick={onWrite}
      >
        <Avatar profile={profile}>
          <PresenceDot userId={profile.id} />
        </Avatar>
        <span className="one-line min-w-0 flex-1">
          <bdi>{profile.name}</bdi>
        </span>
        <PresenceText userId={profile.id} />
      </button>
    </li>
  );
}
