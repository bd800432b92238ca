import { asProblem } from '@rov/realtime/client';
import { useEffect, useRef, useState } from 'react';

export type ActionState =
  | { status: 'idle' | 'busy' }
  /** Too much at once: goes on by itself at this time. */
  | { status: 'limited'; until: number }
  | { status: 'failed'; words: string; code: string };

export type Action = ReturnType<typeof useAction>;

/** The browser itself refuses, in words for the user. */
export class NotPossible extends Error {}

const IDLE: ActionState = { status: 'idle' };

/** One thing at a time that the user asks of the server, and how it stands. Whoever is limited waits their time and goes on. */
export function useAction() {
  const [state, setState] = useState<ActionState>(IDLE);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function run(request: () => Promise<unknown>, onDone?: () => void): Promise<void> {
    clearTimeout(timer.current);
    setState({ status: 'busy' });
    try {
      await request();
      setState(IDLE);
      onDone?.();
    } catch (error) {
      if (error instanceof NotPossible) {
        return setState({ status: 'failed', words: error.message, code: 'not_possible' });
      }
      const { status, code, message, retryAfterMs } = asProblem(error);
      if (status !== 429) return setState({ status: 'failed', words: message, code });
      const waitMs = retryAfterMs ?? 1000;
      setState(limited(waitMs));
      timer.current = window.setTimeout(() => void run(request, onDone), waitMs);
    }
  }

  function dismiss() {
    clearTimeout(timer.current);
    setState(IDLE);
  }

  return { state, run, dismiss };
}

function limited(waitMs: number): ActionState {
  return { status: 'limited', until: Date.now() + waitMs };
}
