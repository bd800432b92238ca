import type { ChatChannelEvent } from '../../contract/index.ts';

/** What a user's own channel says of a row of their list. */
export type RowEvent = Extract<ChatChannelEvent, { conversationId: string; ev: number }>;
