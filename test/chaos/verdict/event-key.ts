/** What an event announces, in a word; null for one that no deed is known by. */
export function keyOf(event: Record<string, unknown>): string | null {
  const { type, conversationId } = event;
  switch (type) {
    case 'message':
      return `message ${String((event['message'] as { clientId?: unknown }).clientId)}`;
    case 'new_message':
      return `new_message ${String(event['clientId'])}`;
    case 'conversation_added':
    case 'conversation_removed':
      return `${type} ${String(conversationId)}`;
    case 'member_joined':
    case 'member_left':
      return `${type} ${String(conversationId)} ${String(event['userId'])}`;
    case 'read':
      return `read ${String(conversationId)} ${String(event['lastReadSeq'])}`;
    default:
      return null;
  }
}
