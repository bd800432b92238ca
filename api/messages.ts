import { MessagesQuery, SendMessageRequest } from '@rov/realtime';
import { Router } from 'express';
import type * as z from 'zod';

import { listMessages } from '../core/chat/list-messages.ts';
import { messageContent, messageMetadata } from '../core/chat/message-content.ts';
import { sendMessage } from '../core/chat/send-message.ts';
import { newId } from '../core/new-id.ts';
import { created, handle, nothing, ok, replayed } from './handle.ts';
import { ConversationPath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';
import { traceparentOf } from './trace-context.ts';

/** What people say in a conversation. */
export function messageRoutes({ sql, ask, bell }: RouteDependencies): Router {
  const router = Router();

  router.post(
    '/v1/conversations/:conversationId/messages',
    handle(
      { ...nothing, path: ConversationPath, body: SendMessageRequest },
      async ({ caller, path, body, request }) => {
        const send = {
          conversationId: path.conversationId,
          senderId: caller.id,
          id: newId(),
          ...allowed(body),
          traceparent: traceparentOf(request),
        };
        const sent = await ask.write(() => sendMessage(sql, send), { repeatable: true });
        if (!('shard' in sent)) throw new Refusal(sent.outcome);
        // Also for a replay: the first ring may have been lost together with the first answer.
        bell.ring(sent.shard);
        return sent.outcome === 'created' ? created(sent.message) : replayed(sent.message);
      },
    ),
  );

  router.get(
    '/v1/conversations/:conversationId/messages',
    handle(
      { ...nothing, path: ConversationPath, query: MessagesQuery },
      async ({ caller, path, query }) => {
        const page = await ask.read(() =>
          listMessages(sql, { conversationId: path.conversationId, userId: caller.id, ...query }),
        );
        if (page === null) throw new Refusal('not_found');
        return ok(page);
      },
    ),
  );

  return router;
}

function allowed(body: z.output<typeof SendMessageRequest>): z.output<typeof SendMessageRequest> {
  const said = messageContent(body.content);
  if (said.outcome !== 'allowed') throw new Refusal(said.outcome);
  const attached = body.metadata === undefined ? 'allowed' : messageMetadata(body.metadata);
  if (attached !== 'allowed') throw new Refusal(attached);
  return { ...body, content: said.content };
}
