import type { Command } from '@rov/realtime/server';

import { createDrain } from '../../../worker/drain.ts';
import type { Drain, DrainParts } from '../../../worker/drain.ts';

/** Deliberately wrong: a repeat is not told from something new, where no version does so. */
export function noIdempotencyKey(parts: DrainParts): Drain {
  const { centrifugo } = parts;
  return createDrain({
    ...parts,
    centrifugo: {
      batch: (commands, options) => centrifugo.batch(withoutKeys(commands), options),
    },
  });
}

function withoutKeys<Commands extends readonly Command[]>(commands: Commands): Commands {
  return commands.map(withoutKey) as unknown as Commands;
}

function withoutKey(command: Command): Command {
  if (!('idempotencyKey' in command)) return command;
  const { idempotencyKey: _, ...rest } = command;
  return rest;
}
