import { portFrom, portSetByHand } from './ports.ts';

export type Ports = Record<
  'app' | 'dashboard' | 'worker' | 'centrifugo' | 'postgres' | 'redis',
  number
>;

/** A port for everything: set by hand, or the usual one, or the next that is free, which is said. */
export async function choosePorts(options: {
  byHand: Record<string, string>;
  say: (line: string) => void;
}): Promise<Ports> {
  const { byHand, say } = options;
  const taken = new Set<number>();
  const choose = async (what: string, preferred: number, variable?: string): Promise<number> => {
    const value = variable && byHand[variable];
    if (variable && value) return portSetByHand({ variable, value, taken });
    const port = await portFrom(preferred, taken);
    if (port !== preferred) say(`port ${preferred} is busy: ${what} takes ${port}`);
    return port;
  };
  return {
    app: await choose('the app', 4000, 'PORT'),
    dashboard: await choose('the dashboard', 4001, 'DASHBOARD_PORT'),
    worker: await choose('the worker', 4002, 'WORKER_PORT'),
    centrifugo: await choose('Centrifugo', 8000),
    postgres: await choose('Postgres', 54_320),
    redis: await choose('Redis', 63_790),
  };
}
