import type { Deed } from '../load/ledger.ts';
import type { Case } from './testimony.ts';

/**
 * Whether the pointers that others are shown in the end are the highest that were acknowledged. What got no answer may
 * have moved them further, and never back. Receipts on the way may be lost; this is what they came to.
 */
export function judgePointers({ deeds, truth }: Pick<Case, 'deeds' | 'truth'>): string[] {
  return truth.receipts.flatMap(({ conversationId, userId, lastReadSeq, lastDeliveredSeq }) => {
    const own = deeds.filter(
      (deed) =>
        'conversationId' in deed &&
        deed.conversationId === conversationId &&
        'userId' in deed &&
        deed.userId === userId,
    );
    const readings = own.filter(({ verb }) => verb === 'mark read');
    const all = own.filter(({ verb }) => verb === 'mark read' || verb === 'report delivered');
    return [
      ...differenceOf('read', lastReadSeq, readings),
      // Whoever has read a message has it.
      ...differenceOf('has them', lastDeliveredSeq, all),
    ].map((what) => `${userId} in ${conversationId}: ${what}`);
  });
}

function differenceOf(what: string, is: number, deeds: readonly Deed[]): string[] {
  const acknowledged = deeds.filter(({ outcome }) => outcome === 'acknowledged').map(pointerOf);
  const highest = Math.max(0, ...acknowledged);
  const mayBeFurther = deeds.some(({ outcome }) => outcome === 'unanswered');
  if (is === highest || (mayBeFurther && is > highest)) return [];
  return [`${what} up to ${is}, and ${highest} was acknowledged`];
}

function pointerOf(deed: Deed): number {
  if (deed.verb === 'mark read') return deed.lastReadSeq;
  return deed.verb === 'report delivered' ? deed.lastDeliveredSeq : 0;
}
