import type { CentrifugeServerClient, Command } from '@rov/realtime/server';

/** One request. Nobody here knows what to do with a command that failed beside others that did not. */
export async function sendOrThrow(
  centrifugo: CentrifugeServerClient,
  commands: readonly Command[],
): Promise<void> {
  for (const outcome of await centrifugo.batch(commands)) {
    if (!outcome.ok) throw outcome.error;
  }
}
