import { describe, expect, test } from 'vitest';

import { exampleConversation, exampleProfile } from '../../test/chat-client/example.ts';
import { matchingConversations, matchingPeople } from './find.ts';
import { hueOf, initialsOf } from './initials.ts';
import { dayWords } from './time-words.ts';
import { peerOf, previewOf, titleOf } from './who.ts';

describe('words for time', () => {
  const now = new Date(2026, 4, 4, 0, 30).getTime();

  test('go by calendar days, not by hours', () => {
    expect(dayWords(now - 3_600_000, now)).toBe('Yesterday');
    expect(dayWords(now, now)).toBe('Today');
  });
});

describe('names', () => {
  const direct = exampleConversation({ id: 'c1' });
  const group = exampleConversation({
    id: 'c2',
    kind: 'group',
    title: 'Plans',
    lastMessage: {
      id: 'm',
      seq: 3,
      senderId: 'ben',
      preview: 'hello',
      createdAt: direct.createdAt,
    },
  });

  test('of a direct conversation is the other one', () => {
    expect(titleOf(direct, 'ann')).toBe('Ben');
    expect(peerOf(direct, 'ann')?.id).toBe('ben');
  });

  test('of a group is its title, and its preview says who spoke', () => {
    expect(titleOf(group, 'ann')).toBe('Plans');
    expect(previewOf(group, 'ann')).toBe('Ben: hello');
    expect(previewOf(group, 'ben')).toBe('You: hello');
    const gone = { ...group.lastMessage!, preview: '' };
    expect(previewOf({ ...group, lastMessage: gone }, 'ann')).toBe('Message deleted');
    const note = { ...group.lastMessage!, type: 'system' as const, preview: 'Ben added Cleo' };
    expect(previewOf({ ...group, lastMessage: note }, 'ben')).toBe('Ben added Cleo');
  });

  test('shorten to initials without cutting a character in two', () => {
    expect(initialsOf('Ann van Dyk')).toBe('AD');
    expect(initialsOf('👩‍🚀 Zoe')).toBe('👩‍🚀Z');
    expect(initialsOf(' ')).toBe('?');
  });

  test('have colours that are told apart where the ids are nearly the same', () => {
    const hues = ['ann', 'ben', 'cleo', 'dan', 'eve'].map(hueOf).toSorted((a, b) => a - b);
    const gaps = hues.slice(1).map((hue, index) => hue - (hues[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(30);
  });

  test('are found by the beginning of any word, without accents', () => {
    const zoe = { ...exampleProfile('zoe'), name: 'Zoë Núñez' };
    const people = [zoe, exampleProfile('ben')].map((profile) => ({
      profile,
      presence: { userId: profile.id, status: 'offline' as const, lastSeenAt: null, version: 0 },
    }));
    const found = (words: string) =>
      matchingPeople(people, { words, me: 'ann', conversations: [direct] }).map(({ id }) => id);
    expect(found('nunez zo')).toEqual(['zoe']);
    expect(found('')).toEqual(['zoe']);
    expect(matchingConversations([direct, group], { words: 'plan', me: 'ann' })).toEqual([group]);
  });
});
