/**
 * Keeps a process from knocking at a closed door: after a failure nobody may try for a while, then one
 * probe at a time may. The first success opens the way for all.
 */
export type Circuit = {
  /** Whether an attempt may start now. A granted one must be answered by `succeeded` or `failed`. */
  enter(): boolean;
  succeeded(): void;
  failed(reason: string): void;
  /** An attempt that was granted and turned out to have nothing to send. */
  unused(): void;
  readonly state: 'closed' | 'open';
  /** The words of the last failure, while open. */
  readonly reason: string | undefined;
};

export type CircuitOptions = {
  firstMs?: number;
  /** Between attempts lie at least half of it and at most all of it. */
  longestMs?: number;
  now?: () => number;
  random?: () => number;
};

export function createCircuit({
  firstMs = 50,
  longestMs = 2_000,
  now = Date.now,
  random = Math.random,
}: CircuitOptions = {}): Circuit {
  let failures = 0;
  let closedUntil = 0;
  let probing = false;
  let reason: string | undefined;

  return {
    enter() {
      if (failures === 0) return true;
      if (probing || now() < closedUntil) return false;
      probing = true;
      return true;
    },
    succeeded() {
      failures = 0;
      probing = false;
      reason = undefined;
    },
    failed(words) {
      // Attempts that were under way together count as one failure.
      if (failures > 0 && !probing) return;
      const waitMs = Math.min(longestMs, firstMs * 2 ** failures);
      failures += 1;
      probing = false;
      reason = words;
      closedUntil = now() + waitMs / 2 + (random() * waitMs) / 2;
    },
    unused() {
      probing = false;
    },
    get state() {
      return failures === 0 ? 'closed' : 'open';
    },
    get reason() {
      return reason;
    },
  };
}

/** The attempts of one drain, of which it may have at most one open: what it never answered ends as unused. */
export type Attempts = Pick<Circuit, 'enter' | 'succeeded' | 'failed'> & {
  isProbe(): boolean;
  end(): void;
};

export function attemptsOf(circuit: Circuit): Attempts {
  let open = false;
  return {
    enter: () => (open ||= circuit.enter()),
    isProbe: () => circuit.state === 'open',
    succeeded() {
      open = false;
      circuit.succeeded();
    },
    failed(reason) {
      open = false;
      circuit.failed(reason);
    },
    end() {
      if (open) circuit.unused();
      open = false;
    },
  };
}
