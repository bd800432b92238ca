import * as fc from 'fast-check';

/** The same runs each time. MODEL_SEED looks elsewhere, MODEL_RUNS as many times longer. */
const SEED = Number(process.env['MODEL_SEED'] ?? 2);
const TIMES = Number(process.env['MODEL_RUNS'] ?? 1);

/** On a machine that has other things to do. */
export const SEARCH_TIMEOUT_MS = 120_000 * TIMES;

/** What a run broke of what is promised. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** What is broken in the smallest run that can be found; empty when so many break nothing. */
export async function brokenWithin<T>(
  numRuns: number,
  property: fc.IAsyncProperty<T>,
): Promise<string> {
  const found = await fc.check(property, { seed: SEED, numRuns: numRuns * TIMES });
  if (!found.failed) return '';
  const { counterexample, errorInstance } = found;
  return `${errorInstance instanceof Error ? errorInstance.message : ''}\n${JSON.stringify(counterexample)}`;
}

/** The words in which a broken variant is found out; empty when so many runs do not find it out. */
export async function wordsWithin<T>(
  numRuns: number,
  name: string,
  property: fc.IAsyncProperty<T>,
): Promise<string> {
  const found = await fc.check(property, { seed: SEED, numRuns, endOnFailure: true });
  console.log(`${name}: ${found.failed ? `run ${found.numRuns}` : `not in ${numRuns} runs`}`);
  const { errorInstance } = found;
  if (errorInstance instanceof BrokenPromise) return errorInstance.message;
  if (errorInstance instanceof Error) throw errorInstance;
  return '';
}
