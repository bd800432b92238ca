import type { Conversation } from '@rov/realtime';
import { useRef } from 'react';

import { byRole } from '../state/what-one-may.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Note } from '../ui/note.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { MemberItem } from './member-item.tsx';
import type { useMembers } from './use-members.ts';

/** Who is in a group, in its states: on the way, not to be had, there, and there but perhaps old. */
export function MemberList({
  conversation,
  me,
  members: { held, problem, showMore, readAgain },
}: {
  conversation: Conversation;
  me: string;
  members: ReturnType<typeof useMembers>;
}) {
  const list = useRef<HTMLUListElement>(null);
  if (held === null) {
    if (problem === null) return <Skeleton rows={4} label="Loading members" />;
    return (
      <Empty
        title="The members could not be loaded"
        action={<Button onClick={readAgain}>Try again</Button>}
      >
        {problem.message}
      </Empty>
    );
  }
  return (
    <section aria-label="Members">
      {problem !== null && (
        <Note>
          Who is in the group may have changed: {problem.message}{' '}
          <button type="button" className="font-medium underline" onClick={readAgain}>
            Try again
          </button>
        </Note>
      )}
      <ul ref={list} tabIndex={-1} aria-label="Members" className="space-y-1">
        {held.items.toSorted(byRole).map((member) => (
          <MemberItem
            key={member.userId}
            conversation={conversation}
            member={member}
            isMe={member.userId === me}
            onChanged={readAgain}
            onRemoved={() => list.current?.focus()}
          />
        ))}
      </ul>
      {held.hasMore && (
        <Button className="mt-2 w-full" onClick={showMore}>
          Show more
        </Button>
      )}
    </section>
  );
}
