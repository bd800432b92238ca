import { chatChannel, conversationChannel } from '@rov/realtime';
import type { CentrifugeServerClient } from '@rov/realtime/server';

/**
 * What a back end without an outbox does for each message: tell the conversation, then the `chat:*` of its members, by
 * two requests. It waits for both; nothing happens when one fails.
 */
export async function publishAtOnce(
  centrifugo: CentrifugeServerClient,
  told: {
    conversationId: string;
    audience: readonly string[];
    event: unknown;
    notice: unknown;
  },
): Promise<void> {
  await centrifugo.publish({
    channel: conversationChannel(told.conversationId),
    data: told.event,
  });
  await centrifugo.broadcast({
    channels: told.audience.map(chatChannel),
    data: told.notice,
  });
}
