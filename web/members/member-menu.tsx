import type { Member } from '@rov/realtime';
import { useId } from 'react';

import { ROLE_WORDS } from '../state/what-one-may.ts';
import { IconButton } from '../ui/button.tsx';
import { MoreIcon } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';

/** What can be done about a member; nothing where nothing is allowed. */
export function MemberMenu({
  name,
  roles,
  removable,
  onGive,
  onRemove,
}: {
  name: string;
  roles: readonly Member['role'][];
  removable: boolean;
  onGive: (role: Member['role']) => void;
  onRemove: () => void;
}) {
  const id = useId();
  if (roles.length === 0 && !removable) return null;
  return (
    <>
      <IconButton label={`Change ${name}`} popoverTarget={id}>
        <MoreIcon />
      </IconButton>
      <Menu id={id} label={`Change ${name}`}>
        {roles.map((role) => (
          <MenuItem key={role} onClick={() => onGive(role)}>
            Make {ROLE_WORDS[role].toLowerCase()}
          </MenuItem>
        ))}
        {removable && (
          <MenuItem danger onClick={onRemove}>
            Remove from group…
          </MenuItem>
        )}
      </Menu>
    </>
  );
}
