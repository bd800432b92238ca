import { AsyncLocalStorage } from 'node:async_hooks';

import type { Step } from './schedule.ts';

/** A process that may be killed, or stopped and woken; its code goes on only while it runs. */
export type Process = ReturnType<typeof createProcess>;

/** What is meant to pass unnoticed, and what ends something that takes too long. */
const LONG_MS = 1_000;

const current = new AsyncLocalStorage<Process>();

export function createProcess(step: Step) {
  let state: 'running' | 'stopped' | 'dead' = 'running';
  const wakers: (() => void)[] = [];
  const deadlines = new Set<() => void>();
  const never = new Promise<never>(() => undefined);

  const itself = {
    get state() {
      return state;
    },

    /** Until it may go on; for ever, if it is dead. */
    async goesOn(): Promise<void> {
      if (state === 'stopped') {
        await new Promise<void>((wake) => wakers.push(wake));
        await itself.goesOn();
      }
      if (state === 'dead') await never;
    },

    /** Something is sent to a server, where it arrives if the process is alive until then. */
    async sends(label: string): Promise<void> {
      await step(label);
      await itself.goesOn();
    },

    run: <T>(work: () => Promise<T>): Promise<T> => current.run(itself, work),

    kill(): void {
      state = 'dead';
    },
    stop(): void {
      if (state === 'running') state = 'stopped';
    },
    /** `late`: its deadlines are over by then, and timers come before what has arrived. */
    wake({ late }: { late: boolean }): void {
      if (state !== 'stopped') return;
      state = 'running';
      if (late) for (const over of [...deadlines]) over();
      void step('wakes').then(() => {
        for (const wake of wakers.splice(0)) wake();
      });
    },

    /** Short pauses end when the schedule says so; long ones only while the process is stopped. */
    timer(over: () => void, ms: number): () => void {
      let isCleared = false;
      const fire = (): void => {
        deadlines.delete(fire);
        if (!isCleared) over();
      };
      if (ms >= LONG_MS) deadlines.add(fire);
      else void itself.sends('pauses').then(fire);
      return () => {
        isCleared = true;
        deadlines.delete(fire);
      };
    },
  };
  return itself;
}

/** The process whose code runs now. */
export function currentProcess(): Process {
  const found = current.getStore();
  if (!found) throw new Error('outside of every process');
  return found;
}
