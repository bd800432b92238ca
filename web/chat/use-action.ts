import { asProblem } from '@rov/realtime/client';
import type { ApiProblem } from '@rov/realtime/client';
import { useState } from 'react';

import { useSecondsUntil } from './use-seconds-until.ts';

/** Something that is asked of the server and waited for: under way, done, or refused. */
export type Action = {
  /** Whether it was done; why not is in `problem`. */
  run: (ask: () => Promise<unknown>) => Promise<boolean>;
  busy: boolean;
  problem: ApiProblem | null;
  /** For so many seconds the server wants no further attempt. */
  waitS: number;
};

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [waitUntil, setWaitUntil] = useState(0);
  const waitS = useSecondsUntil(waitUntil);

  async function run(ask: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setProblem(null);
    try {
      await ask();
      return true;
    } catch (error) {
      const refusal = asProblem(error);
      setProblem(refusal);
      setWaitUntil(Date.now() + (refusal.retryAfterMs ?? 0));
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { run, busy, problem, waitS };
}
