import type { Profile } from '@rov/realtime';
import { useId, useState } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import { matchesPerson } from '../state/find.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const NOBODY: readonly string[] = [];

/** From so many people on there is a field to find one of them. */
const MANY = 8;

/** One's contacts, to tick those who are meant. */
export function MemberPicker({
  label,
  without = NOBODY,
  chosen,
  onChange,
}: {
  label: string;
  /** User ids that are not offered. */
  without?: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const { client } = useChat();
  const { items, status, trouble } = useWatched((state) => state.people);
  const people = items.map(({ profile }) => profile).filter(({ id }) => !without.includes(id));
  return (
    <fieldset className="flex min-h-0 flex-col">
      <legend className="text-sm font-medium">{label}</legend>
      {status === 'loading' && trouble === null && <Skeleton rows={3} label="Loading contacts" />}
      {status === 'loading' && trouble !== null && (
        <p className="text-muted mt-1 text-sm">
          Your contacts could not be loaded. {trouble.message}{' '}
          <Button look="quiet" onClick={client.resume}>
            Try again
          </Button>
        </p>
      )}
      {status === 'ready' && people.length === 0 && (
        <p className="text-muted mt-1 text-sm">
          {items.length === 0 ? 'You have no contacts yet.' : 'All your contacts are in it.'}
        </p>
      )}
      <Choices people={people} chosen={chosen} onChange={onChange} />
    </fieldset>
  );
}

function Choices({
  people,
  chosen,
  onChange,
}: {
  people: readonly Profile[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const [words, setWords] = useState('');
  const found = people.filter((profile) => matchesPerson(profile, words));
  return (
    <>
      {people.length > MANY && (
        <input
          type="search"
          aria-label="Find among your contacts"
          placeholder="Find"
          autoComplete="off"
          className="bg-hover mt-2 h-9 w-full shrink-0 rounded-md px-3 text-sm"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <ul className="-mx-2 mt-1 max-h-64 min-h-0 overflow-y-auto p-0.5">
        {found.map((profile) => (
          <Choice
            key={profile.id}
            profile={profile}
            checked={chosen.includes(profile.id)}
            onChange={(checked) =>
              onChange(checked ? [...chosen, profile.id] : chosen.filter((id) => id !== profile.id))
            }
          />
        ))}
      </ul>
      {words !== '' && found.length === 0 && (
        <p className="text-muted py-1 text-sm">Nobody by that name.</p>
      )}
    </>
  );
}

function Choice({
  profile,
  checked,
  onChange,
}: {
  profile: Profile;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <li className="hover:bg-hover flex items-center gap-3 rounded-md px-2 transition-colors">
      <input
        id={id}
        type="checkbox"
        className="accent-accent size-4"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id} className="flex min-w-0 flex-1 items-center gap-3 py-1.5">
        <Avatar profile={profile} size="small" />
        <span className="one-line min-w-0 flex-1">
          <bdi>{profile.name}</bdi>
        </span>
      </label>
    </li>
  );
}
