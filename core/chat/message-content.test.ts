import { describe, expect, test } from 'vitest';

import { messageContent, messageMetadata } from './message-content.ts';
import { plainLine } from './plain-text.ts';

const allowed = (content: string) => ({ outcome: 'allowed', content });

describe('what people wrote', () => {
  test('is trimmed and composed, so that two ways to type é are one text', () => {
    expect(messageContent('  cafe\u0301 \n')).toEqual(allowed('caf\u00e9'));
  });

  test('keeps line feeds and tabs and loses every other control character', () => {
    expect(messageContent('a\r\nb\tc\u0000\u0007\u001b[31m\u007f\u0085d')).toEqual(
      allowed('a\nb\tc[31md'),
    );
  });

  test('keeps emoji, joiners and right-to-left text', () => {
    const text = '👩‍👩‍👧 שלום 🇩🇪';
    expect(messageContent(text)).toEqual(allowed(text));
  });

  test.each(['', '   ', '\n\t', '\u0000\u0001', '\ufeff'])(
    'is refused when nothing is left: %j',
    (text) => {
      expect(messageContent(text)).toEqual({ outcome: 'content_empty' });
    },
  );

  test('may have 4,000 code points, however many units they take, and not one more', () => {
    expect(messageContent('😀'.repeat(4_000)).outcome).toBe('allowed');
    expect(messageContent('😀'.repeat(4_001)).outcome).toBe('content_too_long');
    expect(messageContent('x'.repeat(4_001)).outcome).toBe('content_too_long');
  });

  test('is measured as it is stored, not as it was sent', () => {
    expect(messageContent(` ${'x'.repeat(4_000)}\u0000`).outcome).toBe('allowed');
  });

  test.each(['\ud800', 'a\udc00b', '\udc00\ud800'])(
    'is refused with half a surrogate pair: %j',
    (text) => {
      expect(messageContent(text)).toEqual({ outcome: 'content_malformed' });
    },
  );
});

describe('metadata', () => {
  test('may have 4 KiB as UTF-8 and not one byte more', () => {
    const frame = '{"k":""}'.length;
    expect(messageMetadata({ k: 'x'.repeat(4_096 - frame) })).toBe('allowed');
    expect(messageMetadata({ k: 'x'.repeat(4_097 - frame) })).toBe('metadata_too_large');
    expect(messageMetadata({ k: 'é'.repeat(2_048) })).toBe('metadata_too_large');
  });

  test('is refused where Postgres could not store it, however deep', () => {
    expect(messageMetadata({ a: [{ b: 'x\0' }] })).toBe('metadata_malformed');
    expect(messageMetadata({ a: { 'k\0': 1 } })).toBe('metadata_malformed');
    expect(messageMetadata({ a: '\ud800' })).toBe('metadata_malformed');
  });

  test('may hold anything else', () => {
    expect(messageMetadata({ a: null, b: [1, true, 'x'], constructor: { prototype: 1 } })).toBe(
      'allowed',
    );
  });
});

test('a title is one line', () => {
  expect(plainLine(' The\n\tweekend \u0000 plan ')).toBe('The weekend plan');
  expect(plainLine('\ud800')).toBeNull();
});
