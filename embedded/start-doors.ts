import type { Ports } from './choose-ports.ts';
import type { DoorEnvironment } from './door-environment.ts';
import { startDoor } from './door.ts';
import { freshLog } from './rov-folder.ts';
import type { RunningStack } from './running-stack.ts';

/** The stop times add up to what is left of five seconds once the servers have theirs. */
const DOORS = [
  { name: 'worker', file: 'worker/main.ts', port: 'worker', stopTimeoutMs: 1_000 },
  { name: 'api', file: 'embedded/api.ts', port: 'app', stopTimeoutMs: 1_000 },
  { name: 'dashboard', file: 'dashboard/main.ts', port: 'dashboard', stopTimeoutMs: 700 },
] as const;

/** Starts worker, api and dashboard, each ready when its `/readyz` says so, and keeps them running. */
export async function startDoors(options: {
  stack: RunningStack;
  environment: DoorEnvironment;
  ports: Ports;
  say: (line: string) => void;
}): Promise<void> {
  const { stack, environment, ports, say } = options;
  await Promise.all(
    DOORS.map(async ({ name, file, stopTimeoutMs, port }) => {
      const readyUrl = `http://127.0.0.1:${ports[port]}/readyz`;
      const door = {
        name,
        file,
        env: environment[name],
        readyUrl,
        logFile: freshLog(name),
        stopTimeoutMs,
        say,
      };
      await stack.run(name, (onSpawn) => startDoor({ ...door, onSpawn }));
      say(`${name}: ready, port ${ports[port]}`);
    }),
  );
}
