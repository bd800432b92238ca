import type { Profile } from '@rov/realtime';

import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { GroupIcon, SignOutIcon } from '../ui/icons.tsx';

export function DrawerHeader({
  me,
  onNewGroup,
  onSignOut,
}: {
  me: Profile;
  onNewGroup: () => void;
  onSignOut: () => void;
}) {
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 ps-4 pe-2">
      <Avatar profile={me} size="small" />
      <span className="one-line min-w-0 flex-1 font-semibold">
        <bdi>{me.name}</bdi>
      </span>
      <span className="flex">
        <IconButton label="New group" onClick={onNewGroup}>
          <GroupIcon />
        </IconButton>
        <IconButton label="Sign out" onClick={onSignOut}>
          <SignOutIcon />
        </IconButton>
      </span>
    </header>
  );
}
