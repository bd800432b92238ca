import { RealtimeError } from '../client/realtime-error.ts';

/** For actions: the conversation of a hook that does not wait for one. */
export function conversationGiven(conversationId: string | undefined, hook: string): string {
  if (conversationId !== undefined) return conversationId;
  const message = `${hook} has no conversationId yet`;
  throw new RealtimeError(message, { code: 'no_conversation' });
}
