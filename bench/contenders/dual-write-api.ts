import { SendMessageRequest } from '@rov/realtime';
import { createCentrifugeServerClient } from '@rov/realtime/server';
import { Router } from 'express';

import { readConfig } from '../../api/config.ts';
import { created, handle, nothing } from '../../api/handle.ts';
import { ConversationPath } from '../../api/paths.ts';
import { startApi } from '../../api/start.ts';
import { sendMessage } from '../../core/chat/send-message.ts';
import { openSql } from '../../core/db/open-sql.ts';
import { run } from '../../core/lifecycle.ts';
import { newId } from '../../core/new-id.ts';
import { publishAtOnce, toldOf } from './told.ts';

/**
 * The API with one route more, which stores a message by the same function and then tells everybody itself before it
 * answers. Its database drops the outbox rows that the function writes.
 */
await run(async () => {
  const config = readConfig();
  const { sql } = openSql({ url: config.databaseUrl, applicationName: 'dual', maxConnections: 16 });
  const { url, apiKey } = config.centrifugo;
  const centrifugo = createCentrifugeServerClient({ url, apiKey, connections: 32 });
  const mount = Router().post(
    '/v1/dual-write/:conversationId/messages',
    handle(
      { ...nothing, path: ConversationPath, body: SendMessageRequest },
      async ({ caller, path: { conversationId }, body }) => {
        const sent = await sendMessage(sql, {
          conversationId,
          senderId: caller.id,
          id: newId(),
          ...body,
        });
        if (!('message' in sent)) throw new Error(sent.outcome);
        const { message } = sent;
        await publishAtOnce(centrifugo, await toldOf(sql, message));
        return created(message);
      },
    ),
  );
  return startApi(config, { mount });
});
