import type { Conversation, Message } from '@rov/realtime';
import { roomOf } from '@rov/realtime/client';
import { useMemo, useRef, useState } from 'react';

import { useChat, useWatched } from '../chat/chat-context.ts';
import type { Room } from '../chat/create-room.ts';
import { ConversationHeader } from './conversation-header.tsx';
import { EmojiDialog } from './emoji-dialog.tsx';
import { LoadProblem } from './load-problem.tsx';
import type { MessageDialogProps } from './message-dialog.ts';
import { MessageLog } from './message-log.tsx';
import { OpenRoomProvider } from './open-room.ts';
import type { OpenRoom } from './open-room.ts';
import { ReadersDialog } from './readers-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { TypingLine } from './typing-line.tsx';
import { useOpen } from './use-open.ts';
import { Writing } from './writing.tsx';

const DIALOGS = { remove: RemoveDialog, readers: ReadersDialog, emoji: EmojiDialog };

/** What is asked about a message, in front of all else. */
type Asking = { what: keyof typeof DIALOGS; message: Message };

export function OpenConversation({
  conversation,
  room,
}: {
  conversation: Conversation;
  room: Room;
}) {
  const { me, client } = useChat();
  const { id, kind } = conversation;
  const state = useWatched((known) => roomOf(known, id));
  // The line above what is unread stays where it was when the conversation was opened.
  const [unreadAfter, setUnreadAfter] = useState(() => readUpTo(conversation));
  // Counts the sends of this view: each takes the log to its end.
  const [sends, setSends] = useState(0);
  const [edited, setEdited] = useState<Message | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const composer = useRef<HTMLDivElement>(null);

  useOpen(conversation, unreadAfter);

  const sets = { setEdited, setAsking, setUnreadAfter };
  const openRoom = useOpenRoomValue({ room, named: kind === 'group', ...sets });

  function send(content: string) {
    room.send(content);
    setSends((count) => count + 1);
  }

  return (
    <section aria-label="Conversation" className="bg-canvas flex min-h-0 flex-1 flex-col">
      <ConversationHeader conversation={conversation} me={me.id} />
      {state.transcript.epoch === null ? (
        <LoadProblem problem={state.trouble} onRetry={client.resume} />
      ) : (
        <OpenRoomProvider value={openRoom}>
          <MessageLog
            conversation={conversation}
            room={room}
            state={state}
            unreadAfter={unreadAfter}
            editedId={edited?.id ?? null}
            sends={sends}
            onEscape={() => composer.current?.querySelector('textarea')?.focus()}
          />
        </OpenRoomProvider>
      )}
      <TypingLine userIds={Object.keys(state.typing)} room={room} />
      <div ref={composer} className="shrink-0 px-3 pb-3 sm:px-4">
        <Writing
          room={room}
          messages={state.transcript.items}
          edited={edited}
          onSend={send}
          onEdit={setEdited}
        />
      </div>
      {asking !== null && <Dialog asking={asking} room={room} onClose={() => setAsking(null)} />}
    </section>
  );
}

function useOpenRoomValue({
  room,
  named,
  setEdited,
  setAsking,
  setUnreadAfter,
}: Pick<OpenRoom, 'room' | 'named'> & {
  setEdited: (message: Message) => void;
  setAsking: (asking: Asking) => void;
  setUnreadAfter: (seq: number) => void;
}): OpenRoom {
  return useMemo(
    () => ({
      ...{ room, named, edit: setEdited },
      remove: (message) => setAsking({ what: 'remove', message }),
      chooseEmoji: (message) => setAsking({ what: 'emoji', message }),
      showReaders: (message) => setAsking({ what: 'readers', message }),
      markedUnread: (seq) => setUnreadAfter(seq - 1),
    }),
    [room, named, setEdited, setAsking, setUnreadAfter],
  );
}

function Dialog({
  asking: { what, message },
  ...rest
}: Omit<MessageDialogProps, 'message'> & { asking: Asking }) {
  const Asked = DIALOGS[what];
  return <Asked message={message} {...rest} />;
}

/** The last `seq` that counts as read; null where nothing is unread. */
function readUpTo({ unreadCount, unreadFromSeq, lastReadSeq }: Conversation): number | null {
  if (unreadCount === 0) return null;
  return Math.min(lastReadSeq, (unreadFromSeq ?? Infinity) - 1);
}
