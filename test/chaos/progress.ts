import type { Field } from './faults/fault.ts';
import type { Ledger } from './load/ledger.ts';
import type { Strike } from './strike-all.ts';
import type { Sample } from './watch-outbox.ts';

const EVERY_MS = 2_000;

/** A line every two seconds, and one for each fault that is over. */
export function startProgress(options: {
  began: number;
  seconds: number;
  ledger: Ledger;
  samples: readonly Sample[];
  cast: Field['cast'];
  /** What is broken at the moment. */
  faults: ReadonlySet<string>;
  say: (line: string) => void;
}): { tell(strike: Strike): void; stop(): void } {
  const { began, seconds, ledger, samples, cast, faults, say } = options;
  const second = (at: number): string => ((at - began) / 1_000).toFixed(1).padStart(6);
  const timer = setInterval(() => {
    const heard = cast.clients.reduce((sum, { recorder }) => sum + recorder.raw.length, 0);
    const acknowledged = ledger.deeds.filter(({ outcome }) => outcome === 'acknowledged').length;
    const parts = [
      `${second(performance.now())} of ${seconds} s`,
      `${acknowledged} acknowledged`,
      `${heard} events heard`,
      `${samples.at(-1)?.waiting ?? '?'} waiting`,
      [...faults].join(' + ') || 'all is well',
    ];
    say(parts.join(' · '));
  }, EVERY_MS);
  return {
    tell: ({ fault: name, from, to, words, error }) =>
      say(`${second(from)}–${second(to).trim()} s  ${name}: ${error ?? words}`),
    stop: () => clearInterval(timer),
  };
}
