import type { Connection, Conversation, Profile } from '@rov/realtime';

import { peerOf, titleOf } from './who.ts';

/** Conversations of which the title or somebody in it matches. */
export function matchingConversations(
  conversations: readonly Conversation[],
  { words, me }: { words: string; me: string },
): readonly Conversation[] {
  if (words.trim() === '') return conversations;
  return conversations.filter(
    (conversation) =>
      matches(titleOf(conversation, me), words) ||
      conversation.members.some((member) => member.id !== me && matchesPerson(member, words)),
  );
}

/** People who match and with whom there is no direct conversation yet. */
export function matchingPeople(
  people: readonly Connection[],
  {
    words,
    me,
    conversations,
  }: { words: string; me: string; conversations: readonly Conversation[] },
): readonly Profile[] {
  const met = new Set(conversations.map((conversation) => peerOf(conversation, me)?.id));
  return people
    .map(({ profile }) => profile)
    .filter((profile) => !met.has(profile.id) && matchesPerson(profile, words));
}

export function matchesPerson({ name, username }: Profile, words: string): boolean {
  return matches(`${name} ${username ?? ''}`, words);
}

/** Every word begins somewhere in the text; case and accents do not matter. */
function matches(text: string, words: string): boolean {
  const plain = fold(text);
  return fold(words)
    .split(/\s+/u)
    .every((word) => plain.includes(word));
}

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase();
}
