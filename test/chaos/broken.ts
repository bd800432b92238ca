import { oneJobPerRow } from '../reliability/broken/one-job-per-row.ts';
import { publishBeforeCommit } from '../reliability/broken/publish-before-commit.ts';
import type { SendOne } from '../reliability/load.ts';
import type { Ground, GroundOptions } from './ground.ts';

/** What stands in the place of the workers, or of the API's way to send. */
export type StandIn = { send?: SendOne; close(): Promise<void> };

/** The product with one thing done wrong on purpose: a verdict that does not find it is worth nothing. */
export type Broken = {
  name: string;
  about: string;
  /** Under which it shows within a minute, unless others are asked for. */
  faults: string[];
  ground: Omit<GroundOptions, 'engine'>;
  standIn?: (ground: Ground) => StandIn;
};

const delivery = (name: string): Broken['ground'] => ({
  workers: true,
  workerEntry: 'test/reliability/broken/worker.ts',
  workerEnv: { DELIVERY: name },
});

export const BROKEN: readonly Broken[] = [
  {
    name: 'id-cursor',
    about: 'the worker remembers the highest id that it has seen and looks only above it',
    faults: ['postgres-slow-commits'],
    ground: delivery('id-cursor'),
  },
  {
    name: 'skip-locked',
    about: 'several drains of a shard at once, FOR UPDATE SKIP LOCKED on rows',
    faults: ['centrifugo-slow'],
    ground: delivery('skip-locked'),
  },
  {
    name: 'publish-before-commit',
    about: 'tells first and stores then, and answers that all is well when telling failed',
    faults: ['centrifugo-killed', 'centrifugo-5xx'],
    ground: { workers: false },
    standIn: ({ stack, links }) =>
      publishBeforeCommit({
        ...stack,
        centrifugo: { ...stack.centrifugo, url: links[0]!.front.url },
      }),
  },
  {
    name: 'no-idempotency-key',
    about: 'repeats cannot be told from something new',
    faults: ['worker-killed-after-acknowledgement', 'centrifugo-drops-reply'],
    ground: delivery('no-idempotency-key'),
  },
  {
    name: 'delete-before-acknowledgement',
    about: 'rows leave the outbox when they are taken',
    faults: ['worker-killed-after-claim', 'centrifugo-5xx'],
    ground: delivery('delete-before-acknowledgement'),
  },
  {
    name: 'one-job-per-row',
    about: 'a job of the queue for each row, as many at once as there are',
    faults: ['centrifugo-slow'],
    ground: { workers: false },
    standIn: ({ stack, links }) => {
      const workerCentrifugo = {
        ...stack.between!.workerCentrifugo,
        port: portOf(links[0]!.front),
      };
      return oneJobPerRow({ ...stack, between: { ...stack.between!, workerCentrifugo } });
    },
  },
];

function portOf({ url }: { url: string }): number {
  return Number(new URL(url).port);
}
