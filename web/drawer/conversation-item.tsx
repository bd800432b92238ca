import type { Conversation } from '@rov/realtime';

import { useChat } from '../chat/chat-context.ts';
import { useNow } from '../chat/use-now.ts';
import { conversationLink } from '../chat/use-route.ts';
import { listTime } from '../state/time-words.ts';
import { peerOf, previewOf, titleOf } from '../state/who.ts';
import { Avatar } from '../ui/avatar.tsx';
import { UnreadBadge } from '../ui/badge.tsx';
import { PresenceDot } from '../ui/presence.tsx';
import { moveFocus } from './move-focus.ts';

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
              {open || unread ? (
                <bdi>{previewOf(conversation, me)}</bdi>
              ) : (
                <DraftOrPreview conversation={conversation} me={me} />
              )}
            </span>
            <UnreadBadge count={conversation.unreadCount} />
          </span>
        </span>
      </a>
    </li>
  );
}

/** What was left half written, else what was said last. */
function DraftOrPreview({ conversation, me }: { conversation: Conversation; me: string }) {
  const draft = useChat().room(conversation.id).draft().trim();
  if (draft === '') return <bdi>{previewOf(conversation, me)}</bdi>;
  return (
    <>
      <span className="text-accent font-medium">Draft:</span> <bdi>{draft}</bdi>
    </>
  );
}
