import type { Server } from './server.ts';

/** One way to bring up a part: it gives a server, or says why it does not apply on this machine. */
export interface Way {
  tier: string;
  start: () => Promise<Server | NotHere>;
}

export class NotHere {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** No way to bring up a part applies on this machine; the message says how to get one. */
class PartMissing extends Error {
  override readonly name = 'PartMissing';
}

/**
 * Takes the first way that applies. A way that throws ends the search: a fault in, say, the database's own
 * folder must not silently become an empty database somewhere else.
 */
export async function firstWay(options: {
  part: Server['part'];
  ways: Way[];
  /** What a reader can do when none applies, one sentence a line. */
  remedies: string[];
}): Promise<Server> {
  const reasons: string[] = [];
  for (const way of options.ways) {
    const outcome = await way.start();
    if (!(outcome instanceof NotHere))
      return { ...outcome, why: [...reasons, outcome.why].filter(Boolean).join('; ') };
    if (outcome.reason) reasons.push(outcome.reason);
    if (way.tier === 'containers' && process.env['TIER'] === 'containers') {
      throw new PartMissing(
        `TIER=containers asks for ${options.part} in a container: ${outcome.reason}`,
      );
    }
  }
  throw new PartMissing(
    [
      `There is no way to run ${options.part} here (${reasons.join('; ')}). Any one of these helps:`,
      ...options.remedies.map((line) => `  - ${line}`),
    ].join('\n'),
  );
}
