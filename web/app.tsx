import { useState } from 'react';

import type { createDemoApi } from './api.ts';
import { Chat } from './chat/chat.tsx';
import { readSession, storeSession } from './session/session.ts';
import type { Session } from './session/session.ts';
import { SignIn } from './session/sign-in.tsx';

/** Signed in or not. The session lives in `sessionStorage`, so that two windows can be two people. */
export function App({
  demo,
  storage,
  sharedStorage,
}: {
  demo: ReturnType<typeof createDemoApi>;
  storage: Storage;
  sharedStorage: Storage;
}) {
  const [session, setSession] = useState(() => readSession(storage));
  const [farewell, setFarewell] = useState<string | null>(null);

  function change(next: Session | null, why: string | null) {
    storeSession(storage, next);
    setSession(next);
    setFarewell(why);
  }

  if (session === null) {
    return <SignIn demo={demo} notice={farewell} onSignIn={(next) => change(next, null)} />;
  }
  return (
    <Chat
      key={session.token}
      session={session}
      storage={storage}
      sharedStorage={sharedStorage}
      onSignOut={() => change(null, null)}
      onSessionEnd={() => change(null, 'Your session has ended. Please sign in again.')}
    />
  );
}
