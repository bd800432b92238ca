import type { Profile } from '@rov/realtime';

import { IconButton } from '../ui/button.tsx';
import { GroupIcon } from '../ui/icons.tsx';
import { OwnMenu } from './own-menu.tsx';
import { SignOut } from './sign-out.tsx';

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
    <header className="flex h-14 shrink-0 items-center gap-1 ps-2 pe-2">
      <OwnMenu me={me} />
      <IconButton label="New group" onClick={onNewGroup}>
        <GroupIcon />
      </IconButton>
      <SignOut onSignOut={onSignOut} />
    </header>
  );
}
