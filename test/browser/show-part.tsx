import { emptyChat, reduce } from '@rov/realtime/client';
import type { ChatClient, ChatInput, ConnectionStatus } from '@rov/realtime/client';
import { RealtimeProvider } from '@rov/realtime/react';
import type { ReactNode } from 'react';
import { render } from 'vitest-browser-react';

import { ChatProvider } from '../../web/chat/chat-context.ts';
import { createRoom } from '../../web/chat/create-room.ts';
import { createKept } from '../../web/chat/kept.ts';
import { createNotificationChoice } from '../../web/chat/notification-choice.ts';
import { exampleProfile } from '../chat-client/example.ts';

const LIVE: ConnectionStatus = { status: 'live', since: 0, liveUntil: null, error: null };
const NOWHERE = { baseUrl: 'http://nowhere.test', getAuth: () => null };

/** A part of Ann's window, on a state that the test makes by inputs and a client of which only `answers` is there. */
export async function showPart(
  part: ReactNode,
  { inputs = [], answers = {} }: { inputs?: ChatInput[]; answers?: Partial<ChatClient> } = {},
) {
  let state = inputs.reduce(reduce, emptyChat('ann'));
  const listeners = new Set<() => void>();
  const client = {
    connection: { get: () => LIVE, watch: () => () => undefined },
    ...answers,
    getState: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as ChatClient;
  const kept = createKept({ storage: sessionStorage, userId: 'ann' });
  const room = createRoom({ client, kept, conversationId: 'c1' });
  const notifications = createNotificationChoice({ storage: sessionStorage, userId: 'ann' });
  const chat = {
    ...{ me: exampleProfile('ann'), client, room: () => room },
    ...{ notifications, unsent: kept.unsent, forget: kept.forget },
  };
  const screen = await render(
    <RealtimeProvider api={NOWHERE} onError={() => {}}>
      <ChatProvider value={chat}>{part}</ChatProvider>
    </RealtimeProvider>,
  );
  return {
    screen,
    tell: (...more: ChatInput[]) => {
      state = more.reduce(reduce, state);
      for (const listener of listeners) listener();
    },
  };
}
