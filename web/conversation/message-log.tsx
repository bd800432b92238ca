import type { Conversation } from '@rov/realtime';
import type { Room as RoomState } from '@rov/realtime/client';

import { useChat } from '../chat/chat-context.ts';
import type { Room } from '../chat/create-room.ts';
import { timeline } from '../state/timeline.ts';
import type { TimelineRow } from '../state/timeline.ts';
import { Empty } from '../ui/empty.tsx';
import { JumpToEnd } from './jump-to-end.tsx';
import { LogTop } from './log-top.tsx';
import { NewMessageVoice } from './new-message-voice.tsx';
import { TimelineItem } from './timeline-item.tsx';
import { useFollowEnd } from './use-follow-end.ts';
import { useMarkRead } from './use-mark-read.ts';
import { useMessageKeys } from './use-message-keys.ts';
import { useUnseen } from './use-unseen.ts';

export function MessageLog({
  conversation,
  room,
  state,
  unreadAfter,
  sends,
  onEscape,
}: {
  conversation: Conversation;
  room: Room;
  state: RoomState;
  unreadAfter: number | null;
  sends: number;
  /** The user wants to write. */
  onEscape: () => void;
}) {
  const { me } = useChat();
  const { transcript, pending, receipts, wanted, trouble: problem } = state;
  const rows = timeline({ messages: transcript.items, pending, me, unreadAfter, receipts });
  const mayLoadOlder = transcript.hasOlder && wanted === null && problem === null;
  const { box, list, atEnd, onScroll, jumpToEnd } = useFollowEnd({
    sends,
    onNearTop: mayLoadOlder ? room.loadOlder : null,
  });
  const keys = useMessageKeys({ onEscape });
  useMarkRead({ conversation, seq: transcript.heldTo, atEnd });
  const unseen = useUnseen({
    messages: transcript.items,
    me: me.id,
    atEnd,
    seenAtFirst: unreadAfter,
  });
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="log"
        aria-label="Messages"
        // New messages are spoken by the voice below: a log would also speak what is loaded above.
        aria-live="off"
        aria-describedby="log-keys"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it
        tabIndex={0}
        className="h-full overflow-y-auto px-4 [overflow-anchor:none]"
        onScroll={onScroll}
        {...keys}
      >
        <div ref={list} className="mx-auto flex min-h-full max-w-3xl flex-col justify-end pb-3">
          <LogTop
            hasOlder={transcript.hasOlder}
            loading={wanted !== null}
            problem={transcript.hasOlder ? problem : null}
            onRetry={room.loadOlder}
          />
          <Rows rows={rows} />
        </div>
      </div>
      <KeyHint />
      {!atEnd && <JumpToEnd unseen={unseen} onJump={jumpToEnd} />}
      <NewMessageVoice newest={transcript.items.at(-1)} me={me.id} />
    </div>
  );
}

function KeyHint() {
  return (
    <p id="log-keys" className="sr-only">
      Arrow keys reach a message, Enter opens what can be done with it.
    </p>
  );
}

function Rows({ rows }: { rows: TimelineRow[] }) {
  if (rows.length === 0) return <Empty title="No messages yet">Write the first one below.</Empty>;
  return (
    <ol>
      {rows.map((row) => (
        <TimelineItem key={row.key} row={row} />
      ))}
    </ol>
  );
}
