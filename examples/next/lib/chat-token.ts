const EARLY_MS = 30_000;

let held: { token: string; expiresAt: number } | null = null;

/** The signed-in user's token for the API of rov, fetched from this app and kept until shortly before its end. */
export async function chatToken(): Promise<string | null> {
  if (held !== null && held.expiresAt - Date.now() > EARLY_MS) return held.token;
  const response = await fetch('/api/chat-token');
  held = response.ok ? ((await response.json()) as { token: string; expiresAt: number }) : null;
  return held?.token ?? null;
}
