/** Says that something happened; whoever waits looks again. */
export type Signal = {
  fire(): void;
  /** Calls back at every fire until the returned function is called. */
  listen(listener: () => void): () => void;
};

export function createSignal(): Signal {
  const listeners = new Set<() => void>();
  return {
    fire() {
      for (const listener of listeners) listener();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export type Waiting = {
  timeoutMs: number;
  /** For the error message: what did not come; a function may tell how far it got. */
  what: string | (() => string);
  /** Look again when one of these fires. Without any, whatever is waited for lies in another process: look often. */
  on?: Signal[];
};

const LOOK_EVERY_MS = 20;

/** Resolves once the condition holds; rejects after `timeoutMs` and says what did not come. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, what, on = [] }: Waiting,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    // Listening begins before looking: a signal between the two must not be missed.
    const wake = nextWake(on, deadline);
    if (await condition()) {
      wake.cancel();
      return;
    }
    await wake.promise;
    if (performance.now() >= deadline && !(await condition())) {
      const text = typeof what === 'string' ? what : what();
      throw new Error(`gave up after ${timeoutMs} ms waiting for ${text}`);
    }
  }
}

function nextWake(on: Signal[], deadline: number): { promise: Promise<void>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const left = Math.max(0, deadline - performance.now());
  const timer = setTimeout(resolve, on.length === 0 ? Math.min(LOOK_EVERY_MS, left) : left);
  const silence = on.map((signal) => signal.listen(resolve));
  const cancel = (): void => {
    clearTimeout(timer);
    for (const stop of silence) stop();
    resolve();
  };
  return { promise: promise.finally(cancel), cancel };
}
