import { useSyncExternalStore } from 'react';

/** "in 8 s", counting down to a time in milliseconds since the epoch; "now" once it is there. */
export function Countdown({ until }: { until: number }) {
  const left = useSyncExternalStore(eachQuarter, () => Math.ceil((until - Date.now()) / 1000));
  return <span className="tabular-nums">{left > 0 ? `in ${left} s` : 'now'}</span>;
}

function eachQuarter(listener: () => void) {
  const timer = setInterval(listener, 250);
  return () => clearInterval(timer);
}
