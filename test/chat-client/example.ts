import type { Conversation, Message, MessagePage, Profile } from '@rov/realtime';

/** Made-up data of the contract's shapes, for tests. */

export function exampleProfile(id: string): Profile {
  return { id, name: id[0]?.toUpperCase() + id.slice(1), username: id, image: null };
}

export function exampleMessage({
  seq,
  from = 'ben',
  clientId = `client-${seq}`,
  createdAt = new Date(Date.UTC(2026, 4, 4, 12, 0, seq)).toISOString(),
}: {
  seq: number;
  from?: string;
  clientId?: string;
  createdAt?: string;
}): Message {
  return {
    id: `message-${seq}`,
    conversationId: 'c1',
    seq,
    senderId: from,
    clientId,
    content: `message ${seq}`,
    type: 'text',
    revision: 1,
    createdAt,
    sender: exampleProfile(from),
  };
}

/** Messages `from` to `to` (none where `to` is less), each of which was the event of the same number. */
export function examplePage({
  from,
  to,
  ev = to,
  hasOlder = false,
  hasNewer = false,
}: {
  from: number;
  to: number;
  ev?: number;
  hasOlder?: boolean;
  hasNewer?: boolean;
}): MessagePage {
  const count = Math.max(0, to - from + 1);
  return {
    items: Array.from({ length: count }, (_, index) => ({
      ...exampleMessage({ seq: from + index }),
      ev: from + index,
    })),
    hasOlder,
    hasNewer,
    lastSeq: to,
    ev,
    epoch: 'e1',
  };
}

export function exampleConversation(facts: Partial<Conversation> & { id: string }): Conversation {
  return {
    kind: 'direct',
    title: null,
    image: null,
    lastSeq: 3,
    ev: 3,
    epoch: 'e1',
    unreadCount: 0,
    lastReadSeq: 3,
    role: 'member',
    memberCount: 2,
    members: [exampleProfile('ann'), exampleProfile('ben')],
    lastMessage: null,
    createdAt: '2026-05-04T10:00:00.000Z',
    ...facts,
  };
}
