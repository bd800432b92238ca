import { api } from './api.ts';
import { centrifugoAnswers } from './centrifugo-answers.ts';
import { centrifugoEngine } from './centrifugo-engine.ts';
import { centrifugoProcess } from './centrifugo-process.ts';
import { clients } from './clients.ts';
import type { Fault } from './fault.ts';
import { postgres } from './postgres.ts';
import { queueRedis } from './queue-redis.ts';
import { worker } from './worker.ts';

export const ALL_FAULTS: readonly Fault[] = [
  ...centrifugoProcess,
  ...centrifugoAnswers,
  ...centrifugoEngine,
  ...worker,
  ...queueRedis,
  ...postgres,
  ...api,
  ...clients,
];
