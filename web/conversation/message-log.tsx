import type { Conversation } from '@rov/realtime';
import type { Room as RoomState } from '@rov/realtime/client';
import { useMemo } from 'react';

import { useChat } from '../chat/chat-context.ts';
import type { Room } from '../chat/create-room.ts';
import { inBlocks } from '../state/blocks.ts';
import type { RowBlock } from '../state/blocks.ts';
import { timeline } from '../state/timeline.ts';
import { Empty } from '../ui/empty.tsx';
import { Block } from './block.tsx';
import { isLoaded } from './is-loaded.ts';
import { JumpToEnd } from './jump-to-end.tsx';
import { JumpToUnread } from './jump-to-unread.tsx';
import { LogEdge } from './log-edge.tsx';
import { NewMessageVoice } from './new-message-voice.tsx';
import { TopDay } from './top-day.tsx';
import { useLogScroll } from './use-log-scroll.ts';
import { useMarkRead } from './use-mark-read.ts';
import { useMessageKeys } from './use-message-keys.ts';
import { useUnseen } from './use-unseen.ts';

interface MessageLogProps {
  conversation: Conversation;
  room: Room;
  state: RoomState;
  unreadAfter: number | null;
  editedId: string | null;
  sends: number;
  /** The user wants to write. */
  onEscape: () => void;
}

export function MessageLog(props: MessageLogProps) {
  const { conversation, room, state, unreadAfter, editedId, sends, onEscape } = props;
  const { transcript, wanted, trouble: problem } = state;
  const { items, hasOlder, hasNewer } = transcript;
  const blocks = useBlocks(state, { unreadAfter, editedId });
  const mayLoad = wanted === null && problem === null;
  const { box, list, atEnd, seenSeq, topDay, lineSeen, onScroll, goTo } = useLogScroll({
    sends,
    hasNewer,
    lineToCome: transcript.heldTo <= Math.min(unreadAfter ?? -1, conversation.lastSeq - 1),
    onNearTop: mayLoad && hasOlder ? room.loadOlder : null,
    onNearEnd: mayLoad && hasNewer ? room.loadNewer : null,
  });
  const seenTo = Math.min(seenSeq, transcript.heldTo);
  useMarkRead({ conversation, seenTo, atEnd });
  const below = useUnseen({ messages: items, me: room.me, seenTo, seenAtFirst: unreadAfter });

  function jumpTo(place: 'line' | 'end') {
    goTo(place);
    const seq = place === 'end' ? conversation.lastSeq : (unreadAfter ?? 0) + 1;
    if (!isLoaded(transcript, seq)) room.loadAround(seq);
  }

  const edge = { loading: wanted !== null, problem };
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        {...LOG}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it
        tabIndex={0}
        className="h-full overflow-y-auto px-4 [overflow-anchor:none]"
        onScroll={onScroll}
        {...useMessageKeys({ onEscape })}
      >
        <div ref={list} className="mx-auto flex min-h-full max-w-3xl flex-col justify-end pb-3">
          <LogEdge {...edge} which="older" more={hasOlder} onRetry={room.loadOlder} />
          <Blocks blocks={blocks} />
          <LogEdge {...edge} which="newer" more={hasNewer} onRetry={room.loadNewer} />
        </div>
      </div>
      <KeyHint />
      {unreadAfter !== null && !lineSeen && (
        <JumpToUnread failed={problem !== null} onJump={() => jumpTo('line')} />
      )}
      {!atEnd && topDay !== null && <TopDay at={topDay} />}
      {!atEnd && (
        <JumpToEnd
          unseen={hasNewer ? conversation.unreadCount : below}
          onJump={() => jumpTo('end')}
        />
      )}
      <NewMessageVoice newest={hasNewer ? undefined : items.at(-1)} me={room.me} />
    </div>
  );
}

/** New messages are spoken by the voice: a log would also speak what is loaded above. */
const LOG = {
  role: 'log',
  'aria-label': 'Messages',
  'aria-live': 'off',
  'aria-describedby': 'log-keys',
} as const;

function useBlocks(
  { transcript, pending, receipts }: RoomState,
  { unreadAfter, editedId }: Pick<MessageLogProps, 'unreadAfter' | 'editedId'>,
) {
  const { me } = useChat();
  const { items: messages, hasOlder } = transcript;
  return useMemo(
    () => inBlocks(timeline({ messages, pending, me, unreadAfter, hasOlder, receipts, editedId })),
    [messages, pending, me, unreadAfter, hasOlder, receipts, editedId],
  );
}

function KeyHint() {
  return (
    <p id="log-keys" className="sr-only">
      Arrow keys reach a message, Enter opens what can be done with it.
    </p>
  );
}

function Blocks({ blocks }: { blocks: readonly RowBlock[] }) {
  if (blocks.length === 0) return <Empty title="No messages yet">Write the first one below.</Empty>;
  return blocks.map(({ key, rows }) => <Block key={key} rows={rows} />);
}
