import { keepRunning } from './keep-running.ts';
import type { Kept, Running } from './keep-running.ts';
import type { PidFiles } from './pid-files.ts';
import { within } from './server-process.ts';

/** From the outside in, so that nothing loses what it still needs to end in order. */
export const STOP_ORDER = [
  'dashboard',
  'api',
  'worker',
  'centrifugo',
  'redis',
  'postgres',
] as const;
export type PartName = (typeof STOP_ORDER)[number];

const ALL_STOPPED_WITHIN_MS = 4_500;

export interface RunningStack {
  /** Starts a part and keeps it running; `start` must hand each pid to `onSpawn` as soon as there is one. */
  run: <T extends Running>(
    name: PartName,
    start: (onSpawn: (pid: number) => void) => Promise<T>,
  ) => Promise<T>;
  /** Stops every part in order; what has not ended in time is killed. */
  stop: () => Promise<void>;
  /** Kills every part. */
  kill: () => Promise<void>;
  /** Whether it was told to end. */
  isOver: () => boolean;
}

/** Everything that `npm start` runs. Once it is told to end it starts nothing any more. */
export function runningStack(options: {
  pids: PidFiles;
  say: (line: string) => void;
}): RunningStack {
  const { pids, say } = options;
  const kept = new Map<PartName, Kept<Running>>();
  let over = false;

  const stopInOrder = async (): Promise<true> => {
    for (const name of STOP_ORDER) await kept.get(name)?.stop();
    return true;
  };
  const kill = async (): Promise<void> => {
    over = true;
    await Promise.all([...kept.values()].map((part) => within(500, part.kill())));
  };
  return {
    run: async (name, startOnce) => {
      const part = await keepRunning({
        name,
        say,
        start: async () => {
          if (over) throw new Error('everything is being stopped');
          const running = await startOnce((pid) => pids.remember(name, pid));
          void running.gone.then(() => pids.forget(name));
          return running;
        },
      });
      kept.set(name, part);
      if (over) await part.stop();
      return part.current();
    },
    stop: async () => {
      over = true;
      if (!(await within(ALL_STOPPED_WITHIN_MS, stopInOrder()))) await kill();
    },
    kill,
    isOver: () => over,
  };
}
