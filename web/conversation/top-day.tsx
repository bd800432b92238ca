import { DayWords } from './day-words.tsx';

/** Floats above the log and says of which day it is what one reads. The lines between the days say it to screen readers. */
export function TopDay({ at }: { at: number }) {
  return (
    <p
      aria-hidden="true"
      className="border-line bg-raised text-muted pointer-events-none absolute inset-x-0 top-2 mx-auto w-fit rounded-full border px-3 py-0.5 text-xs font-medium"
    >
      <DayWords at={at} />
    </p>
  );
}
