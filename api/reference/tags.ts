/** The chapters of the reference, in order. */
export const TAGS = {
  'Real time':
    'Tokens for the WebSocket connection and for each channel, and where a channel stands.',
  Conversations: 'Direct conversations, one for each pair of people, and groups.',
  Members: 'Who is in a conversation.',
  Messages: 'What people say, and say otherwise, and take back.',
  Reactions: 'What people think of a message, in one emoji.',
  Sync: 'What changed while nobody was listening.',
  Unread: 'How far somebody has read, and what is left.',
  Receipts: 'Up to where messages have reached others, and who has read them.',
  'Typing and viewing':
    'What somebody does in a conversation at this moment: told once, and stored nowhere.',
  Presence: 'Who is there. A session is one open page or app: it beats, and says goodbye.',
  Connections: "A user's connections are people whose presence they see, not sockets.",
  Sessions: 'Where somebody is signed in.',
  Service: 'For load balancers, monitoring and generators of clients.',
} as const;

export type Tag = keyof typeof TAGS;
