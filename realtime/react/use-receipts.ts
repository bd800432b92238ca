import { useMemo } from 'react';

import type { ChatClient } from '../client/chat/chat-client.ts';
import type { ChatState } from '../client/state/chat-state.ts';
import type { Pointers, Receipts } from '../client/state/receipts.ts';
import { roomOf } from '../client/state/selectors.ts';
import type { Message } from '../contract/index.ts';
import type { Loading } from './load-status.ts';
import { useChatClient } from './use-chat-client.ts';
import { useKnown } from './use-known.ts';
import { useRoom } from './use-room.ts';

type Told = Pick<Message, 'seq'> & Partial<Pick<Message, 'senderId'>>;

export interface UseReceiptsResult extends Loading {
  /** Of the other members, by user id: up to which message they have read, and have it on a device. */
  data: Receipts;
  /** Who of the others has read a message, or the one of this number. */
  readBy: (message: Told | number) => string[];
  /** Who has it on a device; whoever has read it, too. */
  deliveredTo: (message: Told | number) => string[];
  /** Asks the server, page by page: what is told by itself ends at a hundred members. */
  askFor: ChatClient['receiptsOf'];
}

/**
 * Who of the others has read what. Told by itself in conversations of up to a hundred members, what was delivered in
 * direct ones.
 *
 * @param conversationId undefined waits
 *
 * @example
 * const { readBy } = useReceipts(id);
 * return <small>{readBy(message).length > 0 ? 'read' : 'sent'}</small>;
 */
export function useReceipts(conversationId: string | undefined): UseReceiptsResult {
  const client = useChatClient('useReceipts');
  const { status, error } = useRoom(client, conversationId);
  const data = useKnown(client, receiptsOf, conversationId);
  const answers = useMemo(
    () => ({
      readBy: reached(data, 'lastReadSeq'),
      deliveredTo: reached(data, 'lastDeliveredSeq'),
    }),
    [data],
  );
  return { data, status, error, ...answers, askFor: client.receiptsOf };
}

function receiptsOf(state: ChatState, conversationId: string) {
  return roomOf(state, conversationId).receipts;
}

function reached(receipts: Receipts, pointer: keyof Pointers) {
  return (message: Told | number): string[] => {
    const { seq, senderId } = typeof message === 'number' ? { seq: message } : message;
    return Object.entries(receipts)
      .filter(([userId, pointers]) => userId !== senderId && pointers[pointer] >= seq)
      .map(([userId]) => userId);
  };
}
