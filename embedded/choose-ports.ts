import { portFrom, portSetByHand } from './ports.ts';

const USUAL = {
  app: 4000,
  dashboard: 4001,
  worker: 4002,
  centrifugo: 8000,
  postgres: 54_320,
  redis: 63_790,
} as const;
const VARIABLES: Partial<Record<Part, string>> = {
  app: 'PORT',
  dashboard: 'DASHBOARD_PORT',
  worker: 'WORKER_PORT',
};

type Part = keyof typeof USUAL;
export type Ports = Record<Part, number>;

/** A port for everything: set by hand, or the usual one, or the next that is free, which is said. */
export async function choosePorts(options: {
  byHand: Record<string, string>;
  say: (line: string) => void;
}): Promise<Ports> {
  const { byHand, say } = options;
  const taken = new Set<number>();
  const choose = async (part: Part): Promise<number> => {
    const variable = VARIABLES[part] ?? '';
    const value = byHand[variable];
    // Who has to move must not push the next one off its usual port.
    const usualOfOthers = Object.values(USUAL).filter((port) => port !== USUAL[part]);
    const port = value
      ? await portSetByHand({ variable, value, avoid: taken })
      : await portFrom(USUAL[part], new Set([...taken, ...usualOfOthers]));
    if (!value && port !== USUAL[part]) say(`port ${USUAL[part]} is busy: ${part} takes ${port}`);
    taken.add(port);
    return port;
  };
  return {
    app: await choose('app'),
    dashboard: await choose('dashboard'),
    worker: await choose('worker'),
    centrifugo: await choose('centrifugo'),
    postgres: await choose('postgres'),
    redis: await choose('redis'),
  };
}
