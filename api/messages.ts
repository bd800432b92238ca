import { EditMessageRequest, MessagesQuery, SendMessageRequest } from '@rov/realtime';
import { Router } from 'express';
import type * as z from 'zod';

import { deleteMessage } from '../core/chat/delete-message.ts';
import { editMessage } from '../core/chat/edit-message.ts';
import { listMessages } from '../core/chat/list-messages.ts';
import { messageContent, messageMetadata } from '../core/chat/message-content.ts';
import { sendMessage } from '../core/chat/send-message.ts';
import { newId } from '../core/new-id.ts';
import { created, handle, nothing, ok, replayed, versioned } from './handle.ts';
import { revisionSeen, revisionToChange } from './if-match.ts';
import { ConversationPath, MessagePath } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { RouteDependencies } from './route-dependencies.ts';
import { traceparentOf } from './trace-context.ts';

/** What people say in a conversation. */
export function messageRoutes(deps: RouteDependencies): Router {
  const { sql, ask, bell } = deps;
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

  changeMessages(router, deps);
  return router;
}

/** Whatever was said may be said otherwise, or be taken back. */
function changeMessages(router: Router, { sql, ask, bell }: RouteDependencies): void {
  router.patch(
    '/v1/conversations/:conversationId/messages/:messageId',
    handle(
      { ...nothing, path: MessagePath, body: EditMessageRequest },
      async ({ caller, path, body, request }) => {
        const edit = {
          ...path,
          editorId: caller.id,
          revision: revisionToChange(request),
          content: allowedContent(body.content),
          traceparent: traceparentOf(request),
        };
        // The same words over the revision before are known as a repeat.
        const edited = await ask.write(() => editMessage(sql, edit), { repeatable: true });
        if (!('shard' in edited)) throw new Refusal(edited.outcome);
        bell.ring(edited.shard);
        return versioned(edited.message);
      },
    ),
  );

  router.delete(
    '/v1/conversations/:conversationId/messages/:messageId',
    handle({ ...nothing, path: MessagePath }, async ({ caller, path, request }) => {
      const deletion = {
        ...path,
        actorId: caller.id,
        revision: revisionSeen(request),
        traceparent: traceparentOf(request),
      };
      const deleted = await ask.write(() => deleteMessage(sql, deletion), { repeatable: true });
      if (!('shard' in deleted)) throw new Refusal(deleted.outcome);
      bell.ring(deleted.shard);
      return versioned(deleted.message);
    }),
  );
}

function allowed(body: z.output<typeof SendMessageRequest>): z.output<typeof SendMessageRequest> {
  const content = allowedContent(body.content);
  const attached = body.metadata === undefined ? 'allowed' : messageMetadata(body.metadata);
  if (attached !== 'allowed') throw new Refusal(attached);
  return { ...body, content };
}

function allowedContent(text: string): string {
  const said = messageContent(text);
  if (said.outcome !== 'allowed') throw new Refusal(said.outcome);
  return said.content;
}
