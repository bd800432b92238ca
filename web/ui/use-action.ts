import { asProblem } from '@rov/realtime/client';
import { useCallback, useEffect, useRef, useState } from 'react';

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
  /** Rises with each request and when one is given up, so that an old one says nothing more. */
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );

  const run = useCallback(async (request: () => Promise<unknown>, onDone?: () => void) => {
    turn.current += 1;
    const mine = turn.current;
    let next: ActionState;
    do {
      setState({ status: 'busy' });
      next = await outcomeOf(request);
      if (turn.current !== mine) return;
      setState(next);
      if (next.status === 'limited') await untilThen(next.until);
    } while (next.status === 'limited' && turn.current === mine);
    if (next.status === 'idle') onDone?.();
  }, []);

  const dismiss = useCallback(() => {
    turn.current += 1;
    setState(IDLE);
  }, []);

  return { state, run, dismiss };
}

async function untilThen(at: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, at - Date.now());
  });
}

async function outcomeOf(request: () => Promise<unknown>): Promise<ActionState> {
  try {
    await request();
    return IDLE;
  } catch (error) {
    if (error instanceof NotPossible) {
      return { status: 'failed', words: error.message, code: 'not_possible' };
    }
    const { status, code, message, retryAfterMs } = asProblem(error);
    if (status !== 429) return { status: 'failed', words: message, code };
    return { status: 'limited', until: Date.now() + (retryAfterMs ?? 1000) };
  }
}
