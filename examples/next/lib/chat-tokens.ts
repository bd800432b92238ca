interface ChatToken {
  token: string;
  expiresAt: number;
}

const EARLY_MS = 30_000;

/** Gives the signed-in user's token for the API of rov: fetched from this app, and kept until shortly before its end. */
export function createChatTokens(): () => Promise<string | null> {
  let held: Promise<ChatToken | null> | null = null;

  return async () => {
    const known = await held;
    if (!known || known.expiresAt - Date.now() < EARLY_MS) held = fetchToken();
    return (await held)?.token ?? null;
  };
}

async function fetchToken(): Promise<ChatToken | null> {
  const response = await fetch('/api/chat-token');
  return response.ok ? ((await response.json()) as ChatToken) : null;
}
