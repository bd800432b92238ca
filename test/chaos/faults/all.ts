import { api } from './api.ts';
import { centrifugoAnswers } from './centrifugo-answers.ts';
import { centrifugoEngine } from './centrifugo-engine.ts';
import { centrifugoProcess } from './centrifugo-process.ts';
import { clients } from './clients.ts';
import type { Fault } from './fault.ts';
import { postgres } from './postgres.ts';
import { queueRedis } from './queue-redis.ts';
import { worker } from './worker.ts';

/** Faults of different lists leave each other's tools alone, so they may strike at the same time. */
export const FAULTS: readonly (readonly Fault[])[] = [
  [...centrifugoProcess, ...centrifugoAnswers, ...centrifugoEngine, ...worker],
  [...queueRedis, ...postgres],
  [...api, ...clients],
];

export const ALL_FAULTS: readonly Fault[] = FAULTS.flat();
