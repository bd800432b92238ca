import { conversationChannel } from '@rov/realtime';
import { createCentrifugeServerClient } from '@rov/realtime/server';

import { sendMessage } from '../../../core/chat/send-message.ts';
import { newId } from '../../../core/new-id.ts';
import type { Stack } from '../../harness/stack.ts';
import type { SendOne } from '../load.ts';

/** A commit that waits its turn, as one does behind a checkpoint or a busy disk. */
const COMMIT_TAKES_S = 0.1;

/**
 * The mistake that the outbox is there to prevent: tell first, then store, and answer that all is well even when
 * telling failed. Whoever reads between the two finds nothing, and will not be told again. Deliberately wrong; it
 * exists so that a test can show that the checker catches it. To be used in a stack without a worker.
 */
export function publishBeforeCommit({ database, centrifugo }: Stack): {
  send: SendOne;
  close(): Promise<void>;
} {
  const client = createCentrifugeServerClient({
    url: centrifugo.url,
    apiKey: centrifugo.apiKey,
    connections: 32,
  });
  const send: SendOne = async ({ conversationId, sender }, { clientId, content }) => {
    const id = newId();
    const told = {
      id,
      conversationId,
      clientId,
      content,
      senderId: sender.id,
      type: 'text',
      createdAt: new Date().toISOString(),
      sender: { id: sender.id, name: sender.name, username: null, image: null },
    };
    const channel = conversationChannel(conversationId);
    await client
      .publish({ channel, data: { type: 'message', message: told } })
      .catch(() => undefined);

    await database.sql`SELECT pg_sleep(${COMMIT_TAKES_S})`;
    const stored = {
      conversationId,
      clientId,
      content,
      id,
      senderId: sender.id,
      type: 'text' as const,
    };
    const answer = await sendMessage(database.sql, stored);
    if (!('message' in answer)) throw new Error(answer.outcome);
    return { status: 201, seq: answer.message.seq };
  };
  return { send, close: () => client.close() };
}
