import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import * as z from 'zod';

const exec = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/** What an engine tells of one container. */
const Inspected = z
  .array(
    z.object({
      State: z.object({ Pid: z.number(), ExitCode: z.number(), StartedAt: z.string() }),
      RestartCount: z.number(),
    }),
  )
  .min(1);

export type Compose = {
  /** `docker` or `podman`. */
  engine: string;
  /** Runs `<engine> compose …` for this project; gives what it printed. */
  compose(args: string[], options?: { timeoutMs?: number }): Promise<string>;
  /** Runs a command in a service's container. */
  inside(service: string, ...command: string[]): Promise<string>;
  state(service: string): Promise<{ pid: number; exitCode: number; startedAt: string }>;
  /** SIGKILL to a service's process, from the outside: the engine must think that it crashed. */
  crash(service: string): Promise<void>;
};

/** A compose project with a name of its own on the first engine that answers; rejects with the reasons when none does. */
export async function openCompose(options: { project: string; envFile: string }): Promise<Compose> {
  const engine = await findEngine();
  const base = ['compose', '--project-name', options.project, '--env-file', options.envFile];
  const compose: Compose['compose'] = (args, { timeoutMs = 60_000 } = {}) =>
    run(engine, [...base, ...args], timeoutMs);

  const inspect = async (service: string) => {
    const id = (await compose(['ps', '--all', '--quiet', service])).trim();
    const [{ State } = { State: undefined }] = Inspected.parse(
      JSON.parse(await run(engine, ['inspect', id])),
    );
    return State!;
  };
  return {
    engine,
    compose,
    inside: (service, ...command) => compose(['exec', '--no-TTY', service, ...command]),
    state: async (service) => {
      const { Pid, ExitCode, StartedAt } = await inspect(service);
      return { pid: Pid, exitCode: ExitCode, startedAt: StartedAt };
    },
    crash: async (service) => {
      const { Pid } = await inspect(service);
      // `kill` of the engine would be an order to stay down, and process 1 is deaf to signals from its own container.
      const strike = `process.kill(${Pid},'SIGKILL')`;
      await run(engine, [
        ...['run', '--rm', '--pid=host', '--user=0', '--network=none'],
        ...['rov:0.1.0', 'node', '--eval', strike],
      ]);
    },
  };
}

async function findEngine(): Promise<string> {
  const reasons: string[] = [];
  for (const engine of ['docker', 'podman']) {
    try {
      await run(engine, ['info'], 10_000);
      await run(engine, ['compose', 'version'], 10_000);
      return engine;
    } catch (error) {
      reasons.push(`${engine}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`no container engine with compose answers here\n  ${reasons.join('\n  ')}`);
}

/** Rejects with what the command complained of. */
async function run(command: string, args: string[], timeoutMs = 60_000): Promise<string> {
  try {
    const { stdout } = await exec(command, args, {
      cwd: ROOT,
      timeout: timeoutMs,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stderr, killed } = error as { stderr?: string; killed?: boolean };
    const words = (stderr ?? '').trim().split('\n').slice(-6).join('\n  ');
    const why = killed ? `took longer than ${timeoutMs / 1_000} s` : words || String(error);
    throw new Error(`${command} ${args[0]}: ${why}`, { cause: error });
  }
}
