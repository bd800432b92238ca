import type { Message } from '@rov/realtime';
import { useId } from 'react';

import { MoreIcon, SmileIcon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import type { Action } from '../ui/use-action.ts';
import { MessageMenu } from './message-menu.tsx';
import { Palette } from './palette.tsx';

const TOOL =
  'border-line bg-raised text-muted hover:bg-hover hover:text-ink size-8 place-items-center border';

/** Beside a message that is pointed at or has the focus. A narrow screen has room for one button; both open what there is. */
export function MessageTools({
  message,
  mine,
  action,
}: {
  message: Message;
  mine: boolean;
  action: Action;
}) {
  const id = useId();
  const reactable = (message.deletedAt ?? null) === null;
  return (
    <div className={`absolute top-0.5 z-10 flex ${mine ? 'end-full me-1' : 'start-full ms-1'}`}>
      {reactable && (
        <button
          type="button"
          aria-label="React"
          title="React"
          aria-haspopup="menu"
          popoverTarget={`${id}palette`}
          className={`${TOOL} hidden rounded-s-md border-e-0 sm:grid`}
        >
          <SmileIcon className="size-4" />
        </button>
      )}
      <button
        type="button"
        aria-label="More actions"
        title="More actions"
        aria-haspopup="menu"
        data-more
        popoverTarget={`${id}menu`}
        className={`${TOOL} grid rounded-md ${reactable ? 'sm:rounded-s-none' : ''}`}
      >
        <MoreIcon className="size-4" />
      </button>
      {reactable && (
        <Menu id={`${id}palette`} label="React">
          <Palette message={message} action={action} />
        </Menu>
      )}
      <MessageMenu id={`${id}menu`} message={message} mine={mine} action={action} />
    </div>
  );
}
