import type { Case } from './testimony.ts';

/**
 * Whether everybody whose sign-out was acknowledged is out in the end: the token from before is refused by every API, and the
 * connection of that moment is closed.
 */
export function judgeSignOuts({ deeds, truth }: Pick<Case, 'deeds' | 'truth'>): string[] {
  return deeds.flatMap((deed) => {
    if (deed.verb !== 'sign out' || deed.outcome !== 'acknowledged') return [];
    const found = truth.leavers.find(({ userId }) => userId === deed.userId);
    if (!found) return [];
    const { isAdmitted, connectedAt } = found;
    return [
      ...(isAdmitted ? [`${deed.userId} signed out, and the token from before is good`] : []),
      ...(connectedAt !== null && connectedAt < deed.startedAt
        ? [`${deed.userId} signed out, and the connection from before is open`]
        : []),
    ];
  });
}
