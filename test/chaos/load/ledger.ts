import type { ChosenStatus } from '@rov/realtime';

import type { Attempt, Outcome } from './attempt.ts';

type What =
  | { verb: 'send'; conversationId: string; clientId: string; seq: number }
  | { verb: 'edit'; conversationId: string; messageId: string; seq: number; revision: number }
  | { verb: 'delete'; conversationId: string; messageId: string; seq: number }
  | {
      verb: 'react' | 'take reaction back';
      conversationId: string;
      messageId: string;
      seq: number;
      userId: string;
      emoji: string;
    }
  | { verb: 'open direct' | 'create group'; conversationId: string; userIds: string[] }
  | { verb: 'add member' | 'remove member' | 'leave'; conversationId: string; userId: string }
  | { verb: 'change role'; conversationId: string; userId: string; role: 'admin' | 'member' }
  | { verb: 'rename'; conversationId: string; title: string }
  | { verb: 'mark unread'; conversationId: string; userId: string; fromSeq: number | null }
  | { verb: 'report delivered'; conversationId: string; userId: string; lastDeliveredSeq: number }
  | { verb: 'mark read'; conversationId: string; userId: string; lastReadSeq: number }
  | { verb: 'beat'; userId: string }
  | { verb: 'choose status'; userId: string; status: ChosenStatus }
  | { verb: 'sign out'; userId: string }
  | { verb: 'end session'; userId: string };

/** Something that somebody asked the API for, and what they were told. */
export type Deed = What & {
  outcome: Outcome;
  /** `performance.now()`. */
  startedAt: number;
  answeredAt: number;
  tries: number;
};

export type SendDeed = Extract<Deed, { verb: 'send' }>;

export type Ledger = {
  deeds: readonly Deed[];
  /** Everything that went wrong with tries, with how often it did. */
  problems: ReadonlyMap<string, number>;
  write: (what: What, attempt: Attempt<unknown>) => void;
};

export function openLedger(): Ledger {
  const deeds: Deed[] = [];
  const problems = new Map<string, number>();
  return {
    deeds,
    problems,
    write: (what, { outcome, startedAt, answeredAt, tries, problems: met, refusal }) => {
      deeds.push({ ...what, outcome, startedAt, answeredAt, tries });
      const said = refusal ? [`${what.verb}: ${refusal.status} ${refusal.code}`] : [];
      for (const problem of [...met, ...said]) {
        problems.set(problem, (problems.get(problem) ?? 0) + 1);
      }
    },
  };
}
