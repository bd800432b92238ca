import type { Strike } from '../strike-all.ts';

/**
 * Why a run shows nothing: faults that struck nothing, or could not. Beside another fault there may have been nothing
 * to strike; then it must have struck another time.
 */
export function whyVoid(strikes: readonly Strike[]): string[] {
  const inReach = strikes.filter(({ isOutOfReach }) => !isOutOfReach);
  if (inReach.length === 0) return ['no fault could strike'];
  const isExcused = (missed: Strike): boolean =>
    strikes.some((other) => other !== missed && other.from < missed.to && missed.from < other.to) &&
    strikes.some(({ fault, struck }) => fault === missed.fault && struck > 0);
  return inReach.filter((strike) => strike.struck === 0 && !isExcused(strike)).map(wordsFor);
}

export function wordsFor({ fault, error }: Strike): string {
  return `${fault} struck nothing${error ? `: ${error}` : ''}`;
}
