/** What a token says of itself. Nothing is verified: that is Centrifugo's part. */
export function tokenClaims(token: string): { userId?: string; expiresAtMs?: number } {
  try {
    const payload = token.split('.')[1] ?? '';
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== 'object' || claims === null) return {};
    return {
      ...('sub' in claims && typeof claims.sub === 'string' ? { userId: claims.sub } : {}),
      ...('exp' in claims && typeof claims.exp === 'number'
        ? { expiresAtMs: claims.exp * 1000 }
        : {}),
    };
  } catch {
    return {};
  }
}
