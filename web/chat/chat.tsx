import { RealtimeProvider } from '@rov/realtime/react';
import { useEffect, useState } from 'react';

import { ConversationView } from '../conversation/conversation-view.tsx';
import { ChatDrawer } from '../drawer/chat-drawer.tsx';
import type { Session } from '../session/session.ts';
import { ChatProvider } from './chat-context.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { createChat } from './create-chat.ts';
import { NothingOpen } from './nothing-open.tsx';
import { useNotifications } from './use-notifications.ts';
import { useOpenConversation } from './use-route.ts';
import { useTitle } from './use-title.ts';

/** The signed-in app: what it holds, its connection, and the two panes. */
export function Chat({
  session,
  storage,
  sharedStorage,
  onSignOut,
  onSessionEnd,
}: {
  session: Session;
  storage: Storage;
  sharedStorage: Storage;
  onSignOut: () => void;
  onSessionEnd: () => void;
}) {
  const [chat] = useState(() =>
    createChat({ session, storage, sharedStorage, onUnauthorized: onSessionEnd }),
  );
  useEffect(() => {
    chat.client.loadPeople();
    chat.client.start();
    return chat.client.stop;
  }, [chat]);
  function signOut() {
    chat.forget();
    onSignOut();
  }
  return (
    <ChatProvider value={chat}>
      <RealtimeProvider client={chat.client}>
        <Panes onSignOut={signOut} />
      </RealtimeProvider>
    </ChatProvider>
  );
}

/** List and conversation side by side; on a narrow screen the one or the other. */
function Panes({ onSignOut }: { onSignOut: () => void }) {
  const openId = useOpenConversation();
  useTitle();
  useNotifications();
  return (
    <div className="flex h-full flex-col">
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        <aside
          className={`${openId === null ? 'flex' : 'hidden'} border-line bg-surface w-full flex-col border-e md:flex md:w-72 md:shrink-0 lg:w-80`}
        >
          {openId === null && <h1 className="sr-only">rov</h1>}
          <ChatDrawer openId={openId} onSignOut={onSignOut} />
        </aside>
        <main className={`${openId === null ? 'hidden' : 'flex'} min-w-0 flex-1 flex-col md:flex`}>
          {openId === null ? (
            <NothingOpen />
          ) : (
            <ConversationView key={openId} conversationId={openId} />
          )}
        </main>
      </div>
    </div>
  );
}
