/** What an event announces, in a word; null for one that no deed is known by. */
export function keyOf(event: Record<string, unknown>): string | null {
  const { type, conversationId } = event;
  switch (type) {
    case 'message':
      return `message ${String((event['message'] as { clientId?: unknown }).clientId)}`;
    case 'new_message':
      return `new_message ${String(event['clientId'])}`;
    case 'message_updated': {
      const { revision } = (event['message'] ?? {}) as { revision?: unknown };
      return `message_updated ${String(event['messageId'])} ${String(revision)}`;
    }
    case 'message_deleted':
      return `message_deleted ${String(event['messageId'])}`;
    case 'reaction': {
      const { messageId, userId, emoji, added } = event;
      return `reaction ${String(messageId)} ${String(userId)} ${String(emoji)} ${String(added)}`;
    }
    case 'conversation_added':
    case 'conversation_removed':
      return `${type} ${String(conversationId)}`;
    case 'member_joined':
    case 'member_left':
      return `${type} ${String(conversationId)} ${String(event['userId'])}`;
    case 'member_updated':
      return `${type} ${String(conversationId)} ${String(event['userId'])} ${String(event['role'])}`;
    case 'conversation_updated':
      if ('deletedSeq' in event) {
        return `deleted ${String(conversationId)} ${String(event['deletedSeq'])}`;
      }
      // Of a coming or a going, or of an edit, which other events tell of, it says no title.
      return 'title' in event
        ? `${type} ${String(conversationId)} ${String(event['title'])}`
        : null;
    case 'read':
      return `read ${String(conversationId)} ${String(event['lastReadSeq'])}`;
    default:
      return null;
  }
}
