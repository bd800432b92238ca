import type { Rest } from '../../harness/rest.ts';
import type { Random } from '../random.ts';
import type { Attempt } from './attempt.ts';
import type { Actor, Cast } from './cast.ts';
import type { Ledger } from './ledger.ts';

/** One after the other the leavers sign out on all their devices, each once. */
export function createSignOuts({
  cast,
  ledger,
  random,
  ask,
}: {
  cast: Cast;
  ledger: Ledger;
  random: Random;
  ask: <T>(who: Actor, call: (rest: Rest) => Promise<T>) => Promise<Attempt<T>>;
}): () => Promise<void> {
  const left = random.shuffled(cast.leavers);
  return async () => {
    const leaver = left.pop();
    if (!leaver) return;
    const { actor } = leaver;
    const signedOut = await ask(actor, (rest) => rest.signOut());
    // Whose token is refused has signed out by a try that got no answer.
    const isOut = signedOut.refusal?.code === 'signed_out' && signedOut.tries > 1;
    const done = isOut ? { ...signedOut, outcome: 'acknowledged' as const } : signedOut;
    ledger.write(
      { verb: 'sign out', userId: actor.id },
      { ...done, refusal: isOut ? null : done.refusal },
    );
  };
}
