import type { Servers } from '../test/harness/servers.ts';
import type { Contender } from './contenders/contender.ts';
import type { Reading } from './reading.ts';
import type { Sizes } from './sizes.ts';

/** What a scenario needs to measure, once. */
export type Context = {
  servers: Servers;
  sizes: Sizes;
  /** Those that take part in this run, in the order of their turns. */
  contenders: readonly Contender[];
  record: (reading: Reading) => void;
};
