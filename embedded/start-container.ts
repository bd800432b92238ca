import { once } from 'node:events';

import type { GenericContainer, StartedTestContainer } from 'testcontainers';

import { lastLines } from './last-lines.ts';
import { followContainer } from './made-container.ts';
import type { MadeContainer } from './made-container.ts';
import { onSomePort } from './ports.ts';
import { describeEnding, within } from './server-process.ts';
import type { Ending } from './server-process.ts';
import type { Server } from './server.ts';

const UP_WITHIN_MS = 60_000;

export interface ContainerOptions {
  part: Server['part'];
  image: string;
  /** Any free port of this machine when absent. */
  port: number | undefined;
  /** The port behind ours; `host` for a server on this machine's own network, which listens on ours itself. */
  inside: number | 'host';
  /** Says what runs in it, on which port, and when it is ready. */
  prepare(container: GenericContainer, port: number): void;
  url(host: string, port: number): string;
}

/**
 * Starts a server in a container; rejects with its last words when it ends before it is ready, or is not up in 60 s,
 * the pull of its image included.
 *
 * The port is never the engine's to choose: Docker deals them out by a counter for IPv4 and another for IPv6, and whoever
 * starts again on a number from the one may find it dealt to a neighbour from the other.
 */
export function startContainer(options: ContainerOptions): Promise<Server> {
  return onSomePort(options.port, (port) => startOnce(options, port));
}

async function startOnce(options: ContainerOptions, port: number): Promise<Server> {
  const { part, image, inside } = options;
  const { GenericContainer, getContainerRuntimeClient } = await import('testcontainers');
  const runtime = await getContainerRuntimeClient();
  const container = new GenericContainer(image);
  options.prepare(container, inside === 'host' ? port : inside);
  if (inside === 'host') container.withNetworkMode('host');
  else container.withExposedPorts({ container: inside, host: port });

  const ended = Promise.withResolvers<Ending>();
  let made: MadeContainer | undefined;
  let unwanted = false;
  // The library's own hook between making and starting. Of a container that ends at once it tells no exit code, and
  // one that could not be started it leaves behind.
  const containerCreated = async (id: string): Promise<void> => {
    made = followContainer(runtime, id);
    void made.gone.then(ended.resolve);
    if (unwanted) await made.remove();
  };
  const tail = lastLines(200);
  let silent: Promise<unknown> | undefined;
  const starting = Object.assign(container, { containerCreated })
    .withLogConsumer((stream) => {
      stream.on('data', (chunk: Buffer) => tail.push(chunk.toString()));
      silent = once(stream, 'end').catch(() => {});
    })
    // Longer than ours: one that the library stopped would look as if it had ended.
    .withStartupTimeout(2 * UP_WITHIN_MS)
    .start();
  const first = await within(
    UP_WITHIN_MS,
    Promise.race([
      starting.then((started) => ({ started })),
      ended.promise.then(() => ({ fault: '' })),
    ]),
  ).catch((error: unknown) => ({ fault: String(error) }));
  if (made && first && 'started' in first) {
    return {
      part,
      url: options.url(first.started.getHost(), port),
      port,
      tier: `container ${image}`,
      why: '',
      logTail: tail.text,
      ...ends(first.started, made),
    };
  }

  const fault = first && 'fault' in first ? first.fault : undefined;
  unwanted = true;
  starting.catch(() => {});
  // The library may have stumbled over its end before we heard of it.
  const ending = fault === undefined ? undefined : await within(500, ended.promise);
  if (silent) await within(500, silent);
  const words = tail.text().trim() || (await made?.lastWords());
  await made?.remove();
  throw new Error(`${faultOf(fault, ending)}${words ? `; its last words:\n${words}` : ''}`);
}

/** `fault` is what the library said; undefined when it said nothing in time. */
function faultOf(fault: string | undefined, ending: Ending | undefined): string {
  if (fault === undefined) return `its container was not up within ${UP_WITHIN_MS / 1_000} s`;
  return ending ? `its container ended at once (${describeEnding(ending)})` : fault;
}

function ends(
  started: StartedTestContainer,
  made: MadeContainer,
): Pick<Server, 'stop' | 'kill' | 'signal' | 'gone'> {
  // Whoever cleans up stops a server that a test has killed already, and the engine knows no such container any more.
  let ended: Promise<void> | undefined;
  const first = (end: () => Promise<void>) => (): Promise<void> => (ended ??= end());
  return {
    gone: made.gone,
    signal: (name) => made.signal(name),
    stop: first(async () => void (await started.stop({ timeout: 3_000 }))),
    kill: first(async () => {
      await made.signal('SIGKILL');
      await made.gone;
      await made.remove();
    }),
  };
}
