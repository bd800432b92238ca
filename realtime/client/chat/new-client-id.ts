import { randomUuid } from '../random-uuid.ts';

/** What makes a send the same when it is repeated. */
export function newClientId(): string {
  return randomUuid();
}
