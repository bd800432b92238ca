import { expect, test } from 'vitest';

import { oneEmoji } from './one-emoji.ts';

test.each([
  ['a face', '😀'],
  ['a thumb with a skin tone', '👍🏽'],
  ['a flag', '🇩🇪'],
  ['a flag of a part of a country', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ['a family of joiners', '👩‍👩‍👧‍👦'],
  ['a profession with a skin tone', '👩🏾‍🚀'],
  ['two people with two skin tones', '👩🏻‍🤝‍👨🏿'],
  ['a key', '#️⃣'],
  ['a heart', '❤️'],
])('%s is one emoji', (_what, emoji) => {
  expect(oneEmoji(emoji)).toBe(emoji);
});

test.each([
  ['❤', '❤️'],
  ['1\u20E3', '1️⃣'],
  ['🏳\u200D🌈', '🏳️‍🌈'],
  ['👮\u200D♀', '👮‍♀️'],
  ['🕵🏽\u200D♂', '🕵🏽‍♂️'],
])('%j without its variation selectors is the same emoji as with them', (typed, emoji) => {
  expect(oneEmoji(typed)).toBe(emoji);
});

test.each([
  ['nothing', ''],
  ['a letter', 'a'],
  ['a digit', '1'],
  ['a word', ':smile:'],
  ['two emoji', '😀😀'],
  ['two flags', '🇩🇪🇫🇷'],
  ['half a flag', '🇩'],
  ['an emoji in spaces', ' 😀'],
  ['an emoji and a NUL', '😀\0'],
  ['a NUL', '\0'],
  ['a line of emoji', '😀\n'],
  ['a joiner that joins nothing', '😀\u200D'],
  ['half a surrogate pair', '\uD83D'],
  ['an accent on an emoji', '😀\u0301'],
  ['very much', '😀'.repeat(1_000)],
])('%s is none', (_what, text) => {
  expect(oneEmoji(text)).toBeNull();
});
