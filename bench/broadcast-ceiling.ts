import { randomUUID } from 'node:crypto';

import { chatChannel } from '@rov/realtime';
import { rawJson } from '@rov/realtime/server';
import type { CentrifugeServerClient, Command } from '@rov/realtime/server';

const CHANNELS_A_BROADCAST = 1_000;
const BROADCASTS_A_REQUEST = 20;

/** How long Centrifugo takes to broadcast a text to all of them, so many requests at once and nobody else asking, in ms. */
export async function timeToBroadcast(
  centrifugo: Pick<CentrifugeServerClient, 'batch'>,
  { userIds, text, atOnce }: { userIds: readonly string[]; text: string; atOnce: number },
): Promise<number> {
  const requests = requestsFor(userIds.map(chatChannel), text);
  const began = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let commands = requests[next++]; commands; commands = requests[next++]) {
        await centrifugo.batch(commands);
      }
    }),
  );
  return performance.now() - began;
}

function requestsFor(channels: readonly string[], text: string): Command[][] {
  const data = rawJson(text);
  const idempotencyKey = randomUUID();
  const commands: Command[] = slices(channels, CHANNELS_A_BROADCAST).map((channels) => ({
    ...{ method: 'broadcast', channels, data, idempotencyKey },
  }));
  return slices(commands, BROADCASTS_A_REQUEST);
}

function slices<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) =>
    all.slice(n * size, (n + 1) * size),
  );
}
