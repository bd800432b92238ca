import type { Conversation } from '@rov/realtime';

import { useNow } from '../chat/use-now.ts';
import { conversationLink } from '../chat/use-route.ts';
import { listTime } from '../state/time-words.ts';
import { peerOf, titleOf } from '../state/who.ts';
import { Avatar } from '../ui/avatar.tsx';
import { UnreadBadge } from '../ui/badge.tsx';
import { PresenceDot } from '../ui/presence.tsx';
import { moveFocus } from './move-focus.ts';
import { PreviewLine } from './preview-line.tsx';

export function ConversationItem({
  conversation,
  me,
  open,
}: {
  conversation: Conversation;
  me: string;
  open: boolean;
}) {
  const now = useNow();
  const peer = peerOf(conversation, me);
  const title = titleOf(conversation, me);
  const unread = conversation.unreadCount > 0;
  const at = conversation.lastMessage?.createdAt;
  return (
    <li>
      <a
        href={conversationLink(conversation.id)}
        onKeyDown={moveFocus}
        aria-current={open ? 'page' : undefined}
        className={`flex items-center gap-3 rounded-md px-2 py-2 transition-colors ${open ? 'bg-accent-soft' : 'hover:bg-hover'}`}
      >
        <Avatar
          size="large"
          profile={peer ?? { id: conversation.id, name: title, image: conversation.image }}
        >
          {peer !== undefined && <PresenceDot userId={peer.id} />}
        </Avatar>
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={`one-line min-w-0 flex-1 ${unread ? 'font-semibold' : 'font-medium'}`}>
              <bdi>{title}</bdi>
            </span>
            {at !== undefined && (
              <time
                dateTime={at}
                className={`shrink-0 text-xs ${unread ? 'text-accent font-medium' : 'text-muted'}`}
              >
                {listTime(Date.parse(at), now)}
              </time>
            )}
          </span>
          <span className="flex min-h-5 items-center gap-2">
            <span
              className={`one-line min-w-0 flex-1 text-sm ${unread ? 'text-ink' : 'text-muted'}`}
            >
              <PreviewLine conversation={conversation} me={me} open={open} />
            </span>
            <UnreadBadge count={conversation.unreadCount} />
          </span>
        </span>
      </a>
    </li>
  );
}
