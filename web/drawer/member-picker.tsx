import type { Profile } from '@rov/realtime';

import { Avatar } from '../ui/avatar.tsx';

export function MemberPicker({
  people,
  chosen,
  onChange,
}: {
  people: readonly Profile[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  return (
    <fieldset className="mt-4 flex min-h-0 flex-col">
      <legend className="text-sm font-medium">Members</legend>
      {people.length === 0 && <p className="text-muted mt-1 text-sm">You have no contacts yet.</p>}
      <div className="-mx-2 mt-1 min-h-0 overflow-y-auto">
        {people.map((profile) => (
          <label
            key={profile.id}
            className="hover:bg-hover flex items-center gap-3 rounded-md px-2 py-1.5 transition-colors"
          >
            <input
              type="checkbox"
              className="accent-accent size-4"
              checked={chosen.includes(profile.id)}
              onChange={(event) =>
                onChange(
                  event.target.checked
                    ? [...chosen, profile.id]
                    : chosen.filter((id) => id !== profile.id),
                )
              }
            />
            <Avatar profile={profile} size="small" />
            <span className="one-line min-w-0 flex-1">
              <bdi>{profile.name}</bdi>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
