import type { Profile } from '@rov/realtime';

export type Session = { token: string; user: Profile };

const KEY = 'rov.session';

export function readSession(storage: Storage): Session | null {
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    return isSession(stored) ? stored : null;
  } catch {
    return null;
  }
}

export function storeSession(storage: Storage, session: Session | null): void {
  if (session === null) storage.removeItem(KEY);
  else storage.setItem(KEY, JSON.stringify(session));
}

/** The session of whom a bearer token names; null when it is no JWT with a subject. The server verifies it. */
export function sessionFromToken(pasted: string): Session | null {
  const token = pasted.trim().replace(/^Bearer\s+/iu, '');
  const claims = claimsOf(token);
  const id = text(claims['sub']);
  if (id === null) return null;
  const username = text(claims['username']);
  const name = text(claims['name']) ?? username ?? id;
  return { token, user: { id, name, username, image: text(claims['picture']) } };
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}

function text(claim: unknown): string | null {
  return typeof claim === 'string' && claim !== '' ? claim : null;
}

function isSession(stored: unknown): stored is Session {
  return (
    typeof stored === 'object' &&
    stored !== null &&
    'token' in stored &&
    typeof stored.token === 'string' &&
    'user' in stored &&
    typeof stored.user === 'object'
  );
}
