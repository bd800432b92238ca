import type { Profile } from '@rov/realtime';
import { useState } from 'react';
import type { ReactNode } from 'react';

import { initialsOf } from '../state/initials.ts';
import { personColours } from './person-colours.ts';

const SIZES = { small: 'size-7 text-xs', normal: 'size-9 text-sm', large: 'size-10 text-sm' };

/** A picture where there is one and it loads, else initials on a colour that stays the same for one person. */
export function Avatar({
  profile,
  size = 'normal',
  children,
}: {
  profile: Pick<Profile, 'id' | 'name' | 'image'>;
  size?: keyof typeof SIZES;
  /** Sits on the lower right edge: the presence dot. */
  children?: ReactNode;
}) {
  const [broken, setBroken] = useState(false);
  return (
    <span className={`relative inline-grid shrink-0 place-items-center ${SIZES[size]}`}>
      {profile.image !== null && !broken ? (
        <img
          src={profile.image}
          alt=""
          loading="lazy"
          referrerPolicy="no-referrer"
          className="size-full rounded-full object-cover"
          onError={() => setBroken(true)}
        />
      ) : (
        <span
          aria-hidden="true"
          className="grid size-full place-items-center rounded-full font-medium"
          style={personColours(profile.id).picture}
        >
          {initialsOf(profile.name)}
        </span>
      )}
      {children}
    </span>
  );
}
