import { describe, expect, test } from 'vitest';

import { isFewEmoji } from './emoji.ts';

describe('a few emoji', () => {
  test.each(['🎉', '👍🏽 👩‍🚀', '❤️\n🇳🇱👨‍👩‍👧'])('are %j', (content) => {
    expect(isFewEmoji(content)).toBe(true);
  });

  test.each(['', ' ', '3', '#', 'ok 🎉', '🎉🎉🎉🎉'])('are not %j', (content) => {
    expect(isFewEmoji(content)).toBe(false);
  });
});
