import { run } from '../../../core/lifecycle.ts';
import { readConfig } from '../../../worker/config.ts';
import { createDrain } from '../../../worker/drain.ts';
import { startWorker } from '../../../worker/start.ts';
import type { Delivery } from '../../../worker/start.ts';
import { sweep } from '../../../worker/sweep.ts';
import { deleteBeforeAcknowledgement } from './delete-before-acknowledgement.ts';
import { idCursor } from './id-cursor.ts';
import { noIdempotencyKey } from './no-idempotency-key.ts';
import { noName } from './no-name.ts';
import { skipLocked } from './skip-locked.ts';

/**
 * The shipped worker with one thing taken out or done wrong, for tests that must tell the difference. DELIVERY says
 * which; a stack takes it by `workerEntry` and `workerEnv`.
 */
const DELIVERIES: Record<string, Delivery> = {
  'without-sweeper': { createDrain, sweep: async () => undefined },
  'no-idempotency-key': { createDrain: noIdempotencyKey, sweep },
  'no-name': { createDrain: noName, sweep },
  'delete-before-acknowledgement': { createDrain: deleteBeforeAcknowledgement, sweep },
  'id-cursor': { createDrain: idCursor, sweep },
  'skip-locked': { createDrain: skipLocked, sweep },
};

await run(async () => {
  const name = process.env['DELIVERY'] ?? '';
  const delivery = DELIVERIES[name];
  if (!delivery) throw new Error(`DELIVERY is none of ${Object.keys(DELIVERIES).join(', ')}`);
  return startWorker(readConfig(), delivery);
});
