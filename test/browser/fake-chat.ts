import type { PageAsked } from '@rov/realtime/client';

import { createServer } from '../chat-client/simulated-server.ts';
import type { ApiCall, fakeApi } from './fake-api.ts';
import type { fakeCentrifugo } from './fake-centrifugo.ts';

/** Ann's chat with one group, `c1`: the simulated server behind the fakes of the API and of Centrifugo. */
export function fakeChat({
  centrifugo,
  api,
}: {
  centrifugo: ReturnType<typeof fakeCentrifugo>;
  api: ReturnType<typeof fakeApi>;
}) {
  const server = createServer(5);
  let told = 0;

  /** Publishes what happened since the last time. */
  function deliver() {
    for (const { conversationId, event } of server.published.slice(told)) {
      const channel = conversationId === null ? 'chat:ann' : `conversation:${conversationId}`;
      centrifugo.publish(channel, event);
    }
    told = server.published.length;
  }

  const read = ({ body }: ApiCall) => {
    server.read('ann', body.seq);
    const { lastReadSeq, unreadCount } = server.row();
    return { lastReadSeq, unreadCount, unreadFromSeq: null, totalUnread: unreadCount };
  };
  Object.assign(api.answers, {
    'GET /v1/sync': () => ({
      ...{ cursor: 's1', epoch: server.row().epoch, limited: false, removed: [], presence: [] },
      conversations: [server.row()],
      me: { totalUnread: server.row().unreadCount },
    }),
    'GET /v1/conversations/c1': () => server.row(),
    'GET /v1/conversations/c1/messages': ({ query }: ApiCall) => server.page(askedBy(query)),
    'POST /v1/conversations/c1/messages': ({ body: { clientId, content } }: ApiCall) =>
      server.say('ann', 'text', { clientId, content }),
    'PUT /v1/conversations/c1/read': read,
    'PATCH /v1/conversations/c1/me': ({ body }: ApiCall) => ({ ...server.row(), ...body }),
    'POST /v1/conversations/c1/typing': () => ({ expiresInMs: 7_000 }),
    'POST /v1/conversations/c1/viewing': () => ({ expiresInMs: 60_000 }),
    'POST /v1/receipts/delivered': () => ({ items: [] }),
  });

  return {
    server,
    deliver,
    say: (from: string, content: string) => {
      server.say(from, 'text', { content });
      deliver();
    },
    /** What is told once and stored nowhere. */
    tell: (type: 'typing' | 'viewing', userId: string, state: 'start' | 'stop', lifeMs = 7_000) => {
      const expiresInMs = state === 'start' ? lifeMs : 0;
      const at = new Date().toISOString();
      centrifugo.publish('conversation:c1', { v: 1, type, userId, state, at, expiresInMs });
    },
  };
}

function askedBy(query: URLSearchParams): PageAsked {
  const number = (name: string) => Number(query.get(name));
  if (query.has('before')) return { way: 'older', before: number('before') };
  if (query.has('after')) return { way: 'newer', after: number('after') };
  if (query.has('around')) return { way: 'around', seq: number('around') };
  if (query.has('changedSince')) return { way: 'changed', since: number('changedSince') };
  return { way: 'latest' };
}
