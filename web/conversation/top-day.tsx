import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

import { startOfDay } from '../state/time-words.ts';
import { DayWords } from './day-words.tsx';
import { firstOnScreen } from './on-screen.ts';

/** Floats above the log and says of which day it is what one reads. The lines between the days say it to screen readers. */
export function TopDay({ log }: { log: RefObject<HTMLElement | null> }) {
  const [day, setDay] = useState<number | null>(null);
  useEffect(() => {
    const box = log.current;
    if (box === null) return undefined;
    const look = () => setDay(dayOnTop(box));
    look();
    box.addEventListener('scroll', look, { passive: true });
    return () => box.removeEventListener('scroll', look);
  }, [log]);
  if (day === null) return null;
  return (
    <p
      aria-hidden="true"
      className="border-line bg-raised text-muted pointer-events-none absolute inset-x-0 top-2 mx-auto w-fit rounded-full border px-3 py-0.5 text-xs font-medium"
    >
      <DayWords at={day} />
    </p>
  );
}

function dayOnTop(log: HTMLElement): number | null {
  const at = firstOnScreen(log)?.message.dataset['at'];
  return at === undefined ? null : startOfDay(Number(at));
}
