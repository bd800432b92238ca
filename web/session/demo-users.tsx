import type { Profile } from '@rov/realtime';
import { useState } from 'react';

import { Avatar } from '../ui/avatar.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

/** The demo's people; `users` null while they are on their way. */
export function DemoUsers({
  users,
  onPick,
}: {
  users: readonly Profile[] | null;
  onPick: (user: Profile) => void;
}) {
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <>
      <p className="text-muted mt-2">
        Choose who you are in this window. A second window can be somebody else.
      </p>
      {users === null && <Skeleton rows={5} label="Loading people" />}
      <ul className="-mx-2 mt-4">
        {users?.map((user) => (
          <li key={user.id}>
            <button
              type="button"
              className="hover:bg-hover flex w-full items-center gap-3 rounded-md px-2 py-2 text-start transition-colors disabled:opacity-60"
              disabled={picked === user.id}
              onClick={() => {
                setPicked(user.id);
                onPick(user);
              }}
            >
              <Avatar profile={user} />
              <span className="min-w-0">
                <span className="one-line block font-medium">
                  <bdi>{user.name}</bdi>
                </span>
                {user.username !== null && (
                  <span className="text-muted one-line block text-sm">@{user.username}</span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
