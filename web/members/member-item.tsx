import type { Conversation, Member, Profile } from '@rov/realtime';
import { useId, useState } from 'react';

import { useChat } from '../chat/chat-context.ts';
import { useAction } from '../chat/use-action.ts';
import { mayRemove, ROLE_WORDS, rolesToGive } from '../state/what-one-may.ts';
import { AskFirst } from '../ui/ask-first.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { MoreIcon } from '../ui/icons.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { PresenceDot, PresenceLine } from '../ui/presence.tsx';
import { Refusal } from '../ui/refusal.tsx';

/** Somebody in a group, and what one's own role allows to do about it. */
export function MemberItem({
  conversation: { id: conversationId, role: own },
  member: { userId, role, profile },
  isMe,
  onChanged,
  onRemoved,
}: {
  conversation: Conversation;
  member: Member;
  isMe: boolean;
  onChanged: () => void;
  onRemoved: () => void;
}) {
  const { client } = useChat();
  const [asksToRemove, setAsksToRemove] = useState(false);
  const changing = useAction();
  const removing = useAction();

  async function give(next: Member['role']) {
    if (await changing.run(() => client.changeRole(conversationId, userId, next))) onChanged();
  }

  async function remove() {
    if (!(await removing.run(() => client.removeMember(conversationId, userId)))) return;
    onRemoved();
    onChanged();
  }

  return (
    <li>
      <div className="flex items-center gap-3 py-1">
        <Person profile={profile} isMe={isMe} />
        <span className="text-muted text-sm">{ROLE_WORDS[role]}</span>
        <Deeds
          label={`Change ${profile.name}`}
          roles={rolesToGive(own, role)}
          onGive={(next) => void give(next)}
          onRemove={!isMe && mayRemove(own, role) ? () => setAsksToRemove(true) : null}
        />
      </div>
      <Refusal of={changing} />
      {asksToRemove && (
        <AskFirst
          question={`Remove ${profile.name} from the group?`}
          answer={removing.busy ? 'Removing…' : 'Remove'}
          action={removing}
          onYes={() => void remove()}
          onNo={() => setAsksToRemove(false)}
        />
      )}
    </li>
  );
}

function Deeds({
  label,
  roles,
  onGive,
  onRemove,
}: {
  label: string;
  roles: readonly Member['role'][];
  onGive: (role: Member['role']) => void;
  /** Null where one may not. */
  onRemove: (() => void) | null;
}) {
  const id = useId();
  if (roles.length === 0 && onRemove === null) return null;
  return (
    <>
      <IconButton label={label} aria-haspopup="menu" popoverTarget={id}>
        <MoreIcon />
      </IconButton>
      <Menu id={id} label={label}>
        {roles.map((role) => (
          <MenuItem key={role} onClick={() => onGive(role)}>
            Make {ROLE_WORDS[role].toLowerCase()}
          </MenuItem>
        ))}
        {onRemove !== null && (
          <MenuItem danger onClick={onRemove}>
            Remove from group
          </MenuItem>
        )}
      </Menu>
    </>
  );
}

function Person({ profile, isMe }: { profile: Profile; isMe: boolean }) {
  return (
    <>
      <Avatar profile={profile}>
        <PresenceDot userId={profile.id} />
      </Avatar>
      <div className="min-w-0 flex-1 leading-tight">
        <p className="one-line">
          <bdi>{profile.name}</bdi>
          {isMe && <span className="text-muted"> (you)</span>}
        </p>
        <PresenceLine userId={profile.id} />
      </div>
    </>
  );
}
