import { createCentrifugeServerClient } from '@rov/realtime/server';

import { timeFrom } from '../when-quiet.ts';
import type { Contender } from './contender.ts';
import { dropOutboxRows, openWriter, store } from './store.ts';
import { publishAtOnce, toldOf, waitingTold } from './told.ts';
import type { Told } from './told.ts';

const AT_ONCE = 32;

/**
 * Store, tell, answer. Of a backlog it delivers the same events, as many at once as it has connections, from a list in
 * memory: it could not say itself what it has not delivered.
 */
export const dualWrite: Contender = {
  name: 'dual write',
  install: dropOutboxRows,
  open(bed) {
    const { url, apiKey } = bed.centrifugo;
    const writer = openWriter(bed);
    // A broadcast to the largest group is one request, and takes its time.
    const client = createCentrifugeServerClient({
      ...{ url, apiKey, connections: AT_ONCE },
      timeoutMs: 60_000,
    });
    return {
      start: async () => undefined,
      send: async (message) => {
        const stored = await store(writer.sql, message);
        await publishAtOnce(client, await toldOf(writer.sql, stored.message));
      },
      isQuiet: async () => true,
      prepareCatchUp: async (aside) => {
        const waiting: Told[] = [];
        for await (const page of waitingTold(bed.database.sql, aside)) waiting.push(...page);
        return () =>
          timeFrom(
            () => publishAll(waiting),
            async () => true,
          );
      },
      close: () => Promise.all([client.close(), writer.close()]),
    };

    async function publishAll(waiting: readonly Told[]): Promise<void> {
      let next = 0;
      const publishing = Array.from({ length: AT_ONCE }, async () => {
        for (let told = waiting[next++]; told; told = waiting[next++]) {
          await publishAtOnce(client, told);
        }
      });
      await Promise.all(publishing);
    }
  },
};
