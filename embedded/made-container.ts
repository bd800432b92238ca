import { once } from 'node:events';

import type { ContainerRuntimeClient } from 'testcontainers';

import { within } from './server-process.ts';
import type { Ending } from './server-process.ts';

/** A container from the moment when the engine has made it, whether it ever runs or not. */
export interface MadeContainer {
  gone: Promise<Ending>;
  signal(name: NodeJS.Signals): Promise<void>;
  /** Ends it too, and never rejects: it may be gone already. */
  remove(): Promise<void>;
  /** What it wrote last; empty when the engine does not know it any more. */
  lastWords(): Promise<string>;
}

/** Follows one that has not been started yet. */
export function followContainer(runtime: ContainerRuntimeClient, id: string): MadeContainer {
  const container = runtime.container.getById(id);
  // Podman lets wait for ever whoever asks for the end of a container that was taken away before it ran.
  const removed = new AbortController();
  return {
    gone: container.wait({ condition: 'next-exit', abortSignal: removed.signal }).then(
      ({ StatusCode }: { StatusCode: number }) => ({ code: StatusCode, signal: null }),
      () => ({ code: null, signal: null }),
    ),
    signal: async (name) => void (await container.kill({ signal: name })),
    remove: async () => {
      await container.remove({ force: true, v: true }).catch(() => {});
      removed.abort();
    },
    lastWords: async () => {
      let words = '';
      const stream = await runtime.container.logs(container, { tail: 12 }).catch(() => null);
      stream?.on('data', (chunk: Buffer) => (words += chunk.toString()));
      if (stream) await within(500, once(stream, 'end')).catch(() => {});
      return words.trim();
    },
  };
}
