import type {
  Connection,
  Conversation,
  Member,
  Message,
  MessageReceipts,
  Presence,
  Profile,
  SendMessageRequest,
} from '@rov/realtime';
import type * as z from 'zod';

/** What the examples of the reference tell of: Ann and Ben are about to go and eat. */

const EPOCH = '7571482930154823681.1.0';

export const CONVERSATION_ID = '019a8c52-7f0b-7c3e-9d41-5b2f6a0e8c17';
const MESSAGE_ID = '019a8c53-1e4d-7a92-8f6b-c05d3e7194a8';
const REPLIED_ID = '019a8c52-c8a1-7d05-b3e9-24f7a6d81c50';
export const CLIENT_ID = '6f1c2b9e-4d83-4a57-9b0c-3e8f5d7a2164';
export const REQUEST_ID = '0b6f8d1a-93c7-4e25-a8f4-7d1e5c3b9026';

const person = (name: string): Profile => ({
  id: name.toLowerCase(),
  name,
  username: name.toLowerCase(),
  image: null,
});
const [ann, ben, cleo] = [person('Ann'), person('Ben'), person('Cleo')];

export const ids = { ann: ann.id, ben: ben.id, cleo: cleo.id };

export const sentMessage: z.input<typeof SendMessageRequest> = {
  clientId: CLIENT_ID,
  content: 'Lunch at one?',
  replyToId: REPLIED_ID,
};

export const message: Message = {
  id: MESSAGE_ID,
  conversationId: CONVERSATION_ID,
  seq: 42,
  ev: 45,
  senderId: ann.id,
  clientId: CLIENT_ID,
  content: 'Lunch at one?',
  type: 'text',
  replyToId: REPLIED_ID,
  revision: 1,
  createdAt: '2026-03-02T11:04:27.518Z',
  editedAt: null,
  deletedAt: null,
  reactions: [],
  sender: ann,
};

export const editedMessage: Message = {
  ...message,
  ev: 46,
  content: 'Lunch at two?',
  revision: 2,
  editedAt: '2026-03-02T11:05:03.291Z',
};

export const tombstone: Message = {
  ...message,
  ev: 46,
  content: '',
  revision: 2,
  deletedAt: '2026-03-02T11:05:03.291Z',
};

export const likedMessage: Message = {
  ...message,
  ev: 46,
  reactions: [{ emoji: '👍', count: 2, userIds: [ben.id, cleo.id], mine: true }],
};

export const page = {
  items: [message],
  hasOlder: true,
  hasNewer: false,
  lastSeq: 42,
  ev: 45,
  epoch: EPOCH,
  receipts: [{ userId: ben.id, lastReadSeq: 41, lastDeliveredSeq: 42 }],
};

export const receipts: MessageReceipts = {
  readCount: 1,
  deliveredCount: 2,
  items: [
    { profile: ben, state: 'read' },
    { profile: cleo, state: 'delivered' },
  ],
  nextCursor: null,
};

export const group: Conversation = {
  id: CONVERSATION_ID,
  kind: 'group',
  title: 'Lunch',
  image: null,
  lastSeq: 42,
  ev: 45,
  epoch: EPOCH,
  unreadCount: 1,
  lastReadSeq: 41,
  unreadFromSeq: null,
  role: 'member',
  memberCount: 3,
  members: [ann, ben, cleo],
  lastMessage: {
    id: message.id,
    seq: message.seq,
    senderId: ann.id,
    preview: message.content,
    type: message.type,
    deletedAt: null,
    createdAt: message.createdAt,
  },
  createdAt: '2026-03-02T11:03:46.123Z',
};

export const newGroup: Conversation = {
  ...group,
  lastSeq: 0,
  ev: 0,
  unreadCount: 0,
  lastReadSeq: 0,
  role: 'owner',
  lastMessage: null,
};

export const direct: Conversation = {
  ...newGroup,
  kind: 'direct',
  title: null,
  role: 'member',
  memberCount: 2,
  members: [ann, ben],
};

const memberOf = (profile: Profile): Member => ({
  userId: profile.id,
  role: profile.id === ann.id ? 'owner' : 'member',
  joinedSeq: 1,
  profile,
});
export const member = memberOf(ben);
export const members = [ann, ben, cleo].map(memberOf);

export const presence: Presence = {
  userId: ben.id,
  status: 'online',
  lastSeenAt: '2026-03-02T11:04:12.077Z',
  version: 7,
};

export const connection: Connection = { profile: ben, presence };

/** Not a real one: its parts are words. */
export const token = 'header.claims.signature';
export const expiresAt = '2026-03-02T11:14:27.000Z';
