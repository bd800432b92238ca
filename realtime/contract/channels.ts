/**
 * The only place that spells a channel name.
 *
 * `conversation:{conversationId}` carries what happens in one conversation to those who look at it.
 * `chat:{userId}` carries what concerns one user, wherever that user looks.
 */

/** What a `sub` claim must look like to become part of a channel name: 1–128 characters. */
export const USER_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@|-]{0,127}$/;

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type ConversationChannel = `conversation:${string}`;
export type ChatChannel = `chat:${string}`;
export type Channel = ConversationChannel | ChatChannel;

export type ParsedChannel =
  | { kind: 'conversation'; conversationId: string }
  | { kind: 'chat'; userId: string };

export function conversationChannel(conversationId: string): ConversationChannel {
  return `conversation:${conversationId}`;
}

export function chatChannel(userId: string): ChatChannel {
  return `chat:${userId}`;
}

/** The parts of a channel name, or null for a name that is none of ours. */
export function parseChannel(channel: string): ParsedChannel | null {
  const colon = channel.indexOf(':');
  if (colon < 0) return null;
  const id = channel.slice(colon + 1);
  switch (channel.slice(0, colon)) {
    case 'conversation':
      return UUID_PATTERN.test(id) ? { kind: 'conversation', conversationId: id } : null;
    case 'chat':
      return USER_ID_PATTERN.test(id) ? { kind: 'chat', userId: id } : null;
    default:
      return null;
  }
}
