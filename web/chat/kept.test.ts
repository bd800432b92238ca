import { describe, expect, test } from 'vitest';

import { createKept } from './kept.ts';

function memory(): Storage {
  const storage: Record<string, string> = {};
  const hidden = (value: unknown) => ({ value, enumerable: false });
  return Object.defineProperties(storage, {
    getItem: hidden((key: string) => storage[key] ?? null),
    setItem: hidden((key: string, value: string) => {
      storage[key] = value;
    }),
    removeItem: hidden((key: string) => {
      delete storage[key];
    }),
  }) as unknown as Storage;
}

const send = { conversationId: 'c1', send: { clientId: 'one', content: 'hello', writtenAt: 1 } };

describe('what a user wrote', () => {
  test('is there after a reload, each conversation with its own draft', () => {
    const storage = memory();
    const before = createKept({ storage, userId: 'ann' });
    before.keepDraft('c1', 'half a sent');
    before.keepDraft('c2', 'another');
    before.keepDraft('c2', '');
    void before.pending.save([send]);
    const after = createKept({ storage, userId: 'ann' });
    expect(after.draft('c1')).toBe('half a sent');
    expect(after.draft('c2')).toBe('');
    expect(after.pending.load()).toEqual([send]);
  });

  test('is gone after signing out, also when an answer comes late', () => {
    const storage = memory();
    const kept = createKept({ storage, userId: 'ann' });
    kept.keepDraft('c1', 'private');
    void kept.pending.save([send]);
    kept.forget();
    void kept.pending.save([send]);
    kept.keepDraft('c1', 'private');
    expect(Object.keys(storage)).toEqual([]);
  });

  test('is removed when somebody else signs in', () => {
    const storage = memory();
    createKept({ storage, userId: 'ann' }).keepDraft('c1', 'private');
    expect(createKept({ storage, userId: 'an' }).draft('c1')).toBe('');
    expect(Object.keys(storage)).toEqual([]);
  });

  test('that cannot be read counts as nothing', () => {
    const storage = memory();
    storage.setItem('rov.kept.ann.drafts', '{"c1"');
    expect(createKept({ storage, userId: 'ann' }).draft('c1')).toBe('');
  });
});
