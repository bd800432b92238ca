import { setTimeout as sleep } from 'node:timers/promises';

const GIVE_UP_AFTER_MS = 300_000;

/** Once Centrifugo has acknowledged all there is. Looks again and again, at a cost for everybody: by default every ms. */
export async function whenQuiet(isQuiet: () => Promise<boolean>, everyMs = 1): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  while (!(await isQuiet())) {
    if (performance.now() > deadline)
      throw new Error('gave up waiting for the rest to be delivered');
    await sleep(everyMs);
  }
}

/** How long it takes from `go` until then, in ms, give or take ten. */
export async function timeFrom(
  go: () => Promise<unknown>,
  isQuiet: () => Promise<boolean>,
): Promise<number> {
  const began = performance.now();
  await go();
  await whenQuiet(isQuiet, 10);
  return performance.now() - began;
}
