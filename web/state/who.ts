import type { Conversation, Profile } from '@rov/realtime';

/** The other one of a direct conversation; undefined in groups. */
export function peerOf(conversation: Conversation, me: string): Profile | undefined {
  if (conversation.kind !== 'direct') return undefined;
  return conversation.members.find(({ id }) => id !== me);
}

/** What a conversation is called for this user: its title, else those in it. */
export function titleOf(conversation: Conversation, me: string): string {
  if (conversation.title !== null) return conversation.title;
  const others = conversation.members.filter(({ id }) => id !== me);
  return others.map(({ name }) => name).join(', ') || 'Only you';
}

export function membersWords(count: number): string {
  return count === 1 ? '1 member' : `${count} members`;
}

/** The line under the title in the list: in groups with the sender's first name. */
export function previewOf(conversation: Conversation, me: string): string {
  const last = conversation.lastMessage;
  if (last === null) return 'No messages yet';
  if (last.type === 'system') return last.preview;
  // Nobody can say nothing: it was deleted.
  if (last.preview === '') return 'Message deleted';
  if (last.senderId === me) return `You: ${last.preview}`;
  if (conversation.kind === 'direct') return last.preview;
  const sender = conversation.members.find(({ id }) => id === last.senderId);
  return sender === undefined ? last.preview : `${firstName(sender.name)}: ${last.preview}`;
}

function firstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name;
}
