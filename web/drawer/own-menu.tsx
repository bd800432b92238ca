import type { Profile } from '@rov/realtime';
import { usePresence } from '@rov/realtime/react';
import { useId } from 'react';

import { useConnection } from '../chat/chat-context.ts';
import { Avatar } from '../ui/avatar.tsx';
import { UnfoldIcon } from '../ui/icons.tsx';
import { StatusDot } from '../ui/presence.tsx';
import { ChooseStatus } from './choose-status.tsx';
import { NotificationSwitch } from './notification-switch.tsx';

/** One's own name and status, and what can be chosen about oneself. */
export function OwnMenu({ me }: { me: Profile }) {
  const id = useId();
  const { status, chosen } = usePresence();
  const connection = useConnection();
  return (
    <div className="min-w-0 flex-1">
      <button
        type="button"
        popoverTarget={id}
        className="hover:bg-hover flex max-w-full items-center gap-3 rounded-md p-2 transition-colors"
      >
        <Avatar profile={me} size="small">
          <StatusDot status={connection.status === 'live' ? status : 'unknown'} />
        </Avatar>
        <span className="one-line min-w-0 font-semibold">
          <bdi>{me.name}</bdi>
        </span>
        {chosen === 'invisible' && <span className="text-muted text-sm">invisible</span>}
        <UnfoldIcon className="text-muted size-4 shrink-0" />
        <span className="sr-only">your status and settings</span>
      </button>
      <dialog
        id={id}
        popover="auto"
        aria-label="Your status and settings"
        className="border-line bg-raised text-ink shadow-float beside-opener m-auto w-72 max-w-[calc(100vw-1rem)] rounded-lg border p-3 backdrop:bg-transparent"
        onToggle={({ newState, currentTarget }) => {
          if (newState === 'open') currentTarget.querySelector('input')?.focus();
        }}
      >
        <ChooseStatus />
        <NotificationSwitch />
      </dialog>
    </div>
  );
}
