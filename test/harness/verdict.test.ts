import { describe, expect, it } from 'vitest';

import { judge } from './verdict.ts';
import type { AcknowledgedSend, Witness } from './verdict.ts';

const sends: AcknowledgedSend[] = ['a', 'b'].flatMap((conversationId) =>
  [1, 2, 3, 4].map((seq) => ({ conversationId, clientId: `${conversationId}${seq}`, seq })),
);

const HONEST = { a: ['a1', 'a2', 'a3', 'a4'], b: ['b1', 'b2', 'b3', 'b4'] };

function witness(seen: Record<string, string[]>, eventIds: string[] = []): Witness {
  return {
    name: 'Ann',
    conversations: Object.keys(seen),
    shown: (id) => (seen[id] ?? []).map((clientId) => ({ clientId })),
    raw: eventIds.map((eventId) => ({ channel: 'conversation:a', data: { eventId } })),
  };
}

describe('the verdict over what was sent and what was seen', () => {
  it('finds nothing against a witness who saw everything once and in order', () => {
    expect(judge(sends, [witness(HONEST)])).toEqual({
      lost: [],
      outOfOrder: [],
      shownTwice: [],
      rawDuplicates: 0,
    });
  });

  it('catches a message that is missing, wherever it is missing', () => {
    for (const gone of HONEST.a) {
      const seen = { ...HONEST, a: HONEST.a.filter((id) => id !== gone) };
      const verdict = judge(sends, [witness(HONEST), witness(seen)]);
      expect(verdict).toMatchObject({
        lost: [`Ann: ${gone} in a`],
        outOfOrder: [],
        shownTwice: [],
      });
    }
  });

  it('catches two messages that changed places', () => {
    const verdict = judge(sends, [witness({ ...HONEST, a: ['a1', 'a3', 'a2', 'a4'] })]);
    expect(verdict).toMatchObject({ lost: [], outOfOrder: ['Ann: a2 in a'], shownTwice: [] });
  });

  it('catches a message that was shown again, at once or later', () => {
    for (const a of [
      ['a1', 'a2', 'a2', 'a3', 'a4'],
      ['a1', 'a2', 'a3', 'a4', 'a2'],
    ]) {
      const verdict = judge(sends, [witness({ ...HONEST, a })]);
      expect(verdict).toMatchObject({ lost: [], outOfOrder: [], shownTwice: ['Ann: a2 in a'] });
    }
  });

  it('expects of a witness only the conversations that they hear', () => {
    expect(judge(sends, [witness({ b: HONEST.b })]).lost).toEqual([]);
  });

  it('counts a repeat on the wire without holding it against anyone', () => {
    const verdict = judge(sends, [witness(HONEST, ['e1', 'e2', 'e1', 'e1'])]);
    expect(verdict).toMatchObject({ lost: [], shownTwice: [], rawDuplicates: 2 });
  });

  it('takes a message that nobody acknowledged for no loss and no disorder', () => {
    const a = ['a1', 'unanswered', 'a2', 'a3', 'a4'];
    expect(judge(sends, [witness({ ...HONEST, a })])).toMatchObject({ lost: [], outOfOrder: [] });
  });
});
