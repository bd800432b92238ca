import type { RunningStack } from './running-stack.ts';

/** One Ctrl-C may arrive twice, from the terminal and from npm; two in a row are meant only when apart by this. */
const SAME_KEYPRESS_MS = 600;

/** Stops the stack in order on Ctrl-C, SIGTERM or a closed terminal and exits; a second Ctrl-C kills what still runs. */
export function endOnSignals(options: {
  stack: RunningStack;
  say: (line: string) => void;
  atTheEnd: () => void;
}): void {
  const { stack, say, atTheEnd } = options;
  let firstAt: number | undefined;
  const leave = (code: number) => (): void => {
    atTheEnd();
    process.exit(code);
  };
  const end = (): void => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      say('stopping');
      void stack.stop().then(() => {
        say(`stopped everything in ${((performance.now() - now) / 1_000).toFixed(1)} s`);
        leave(0)();
      }, leave(1));
    } else if (now - firstAt > SAME_KEYPRESS_MS) {
      say('killing what still runs');
      void stack.kill().finally(leave(1));
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // A terminal that is gone must not end us before everything is stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
