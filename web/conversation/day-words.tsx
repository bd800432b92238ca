import { useNow } from '../chat/use-now.ts';
import { dayWords } from '../state/time-words.ts';

/** "Today" is "Yesterday" after midnight, also where nobody touches the page. */
export function DayWords({ at }: { at: number }) {
  return dayWords(at, useNow());
}
