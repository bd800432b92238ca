import type { Operations } from '../operation.ts';
import { connectionOperations } from './connections.ts';
import { conversationOperations } from './conversations.ts';
import { memberOperations } from './members.ts';
import { messageOperations } from './messages.ts';
import { presenceOperations } from './presence.ts';
import { reactionOperations } from './reactions.ts';
import { realtimeOperations } from './realtime.ts';
import { receiptOperations } from './receipts.ts';
import { serviceOperations } from './service.ts';
import { sessionOperations } from './sessions.ts';
import { syncOperations } from './sync.ts';
import { typingOperations } from './typing.ts';
import { unreadOperations } from './unread.ts';

/** The whole reference, a chapter after the other. */
export const OPERATIONS: Operations = {
  ...realtimeOperations,
  ...conversationOperations,
  ...memberOperations,
  ...messageOperations,
  ...reactionOperations,
  ...unreadOperations,
  ...syncOperations,
  ...receiptOperations,
  ...typingOperations,
  ...presenceOperations,
  ...connectionOperations,
  ...sessionOperations,
  ...serviceOperations,
};
