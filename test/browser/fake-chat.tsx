import type { Message, MessagePage } from '@rov/realtime';
import { emptyChat, reduce } from '@rov/realtime/client';
import type { ChatClient, ChatInput } from '@rov/realtime/client';
import { RealtimeProvider } from '@rov/realtime/react';
import { vi } from 'vitest';
import { render } from 'vitest-browser-react';

import { ChatProvider } from '../../web/chat/chat-context.ts';
import { createRoom } from '../../web/chat/create-room.ts';
import { createKept } from '../../web/chat/kept.ts';
import { createNotificationChoice } from '../../web/chat/notification-choice.ts';
import { ConversationView } from '../../web/conversation/conversation-view.tsx';
import { exampleConversation, examplePage, exampleProfile } from '../chat-client/example.ts';

const NOWHERE = { baseUrl: 'http://nowhere.test', getAuth: () => null };

type Row = Partial<ReturnType<typeof exampleConversation>>;

/**
 * The conversation view on a state that the test makes by inputs, as a client would. What a user does is a spy; nothing
 * is asked of a server.
 */
export async function showConversation({
  page = examplePage({ from: 1, to: 3 }),
  row = {},
}: { page?: MessagePage; row?: Row } = {}) {
  let state = emptyChat('ann');
  const listeners = new Set<() => void>();
  const tell = (...inputs: ChatInput[]) => {
    state = inputs.reduce(reduce, state);
    for (const listener of listeners) listener();
  };
  const answer = (message: Message) => tell({ type: 'message', message });
  const conversation = exampleConversation({
    id: 'c1',
    lastSeq: page.lastSeq,
    ev: page.ev,
    ...row,
  });
  const client = fakeClient({
    getState: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  tell(
    { type: 'list', list: { items: [conversation], nextCursor: null }, asked: 0 },
    { type: 'opened', conversationId: 'c1' },
    { type: 'page', conversationId: 'c1', how: { way: 'latest' }, page, asked: 0 },
  );
  const kept = createKept({ storage: sessionStorage, userId: 'ann' });
  const room = createRoom({ client, kept, conversationId: 'c1' });
  const notifications = createNotificationChoice({ storage: sessionStorage, userId: 'ann' });
  const chat = {
    ...{ me: exampleProfile('ann'), client, room: () => room },
    ...{ notifications, unsent: kept.unsent, forget: kept.forget },
  };
  const screen = await render(
    <RealtimeProvider api={NOWHERE} onError={() => {}}>
      <ChatProvider value={chat}>
        <div style={{ height: 600, display: 'flex' }}>
          <ConversationView conversationId="c1" />
        </div>
      </ChatProvider>
    </RealtimeProvider>,
  );
  return { screen, client, tell, answer };
}

/** What the view calls; whatever else a client has is not there. */
function fakeClient(parts: Pick<ChatClient, 'getState' | 'subscribe'>) {
  const spies = {
    ...{ open: spy('open'), lookUp: spy('lookUp'), markRead: spy('markRead') },
    ...{ send: spy('send'), retry: spy('retry'), discard: spy('discard') },
    ...{ edit: spy('edit'), remove: spy('remove'), react: spy('react') },
    receiptsOf: spy('receiptsOf'),
    ...{ markUnread: spy('markUnread'), typing: spy('typing'), stopTyping: spy('stopTyping') },
    ...{ loadOlder: spy('loadOlder'), loadNewer: spy('loadNewer'), loadAround: spy('loadAround') },
  };
  spies.open.mockReturnValue(() => {});
  return { ...parts, ...spies } as unknown as ChatClient & typeof spies;
}

function spy<Name extends keyof ChatClient>(_name: Name) {
  return vi.fn<Extract<ChatClient[Name], (...given: never[]) => unknown>>();
}
