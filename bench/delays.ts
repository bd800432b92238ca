import { percentile } from '../test/harness/percentile.ts';
import type { Sent } from './pace.ts';
import type { Heard } from './witness.ts';

/** From the start of each send to its event on the socket, in ms. What never came is missing here, too. */
export function delaysOf(
  sent: readonly Sent[],
  heard: readonly Heard[],
  clientIdOf: (n: number) => string,
): number[] {
  const arrivals = new Map<unknown, number>();
  for (const { data, at } of heard) {
    const message = data['message'] as { clientId: unknown } | undefined;
    if (message && !arrivals.has(message.clientId)) arrivals.set(message.clientId, at);
  }
  return sent.flatMap(({ n, startedAt }) => {
    const at = arrivals.get(clientIdOf(n));
    return at === undefined ? [] : [at - startedAt];
  });
}

/** To a tenth of a microsecond. */
export function percentileMs(delays: readonly number[], percent: number): number {
  if (delays.length === 0) throw new RangeError('nothing came of which a delay could be told');
  return (
    percentile(
      delays.map((ms) => ms * 1_000),
      percent,
    ) / 1_000
  );
}
