// Bundlers put the value in place of exactly this expression, so it must be spelled out, and where none
// did there is no `process` in a browser.
declare const process: { env: { NEXT_PUBLIC_CENTRIFUGO_URL?: string } };

/** Where Centrifugo is when nothing says otherwise. */
export const FALLBACK_URL = 'ws://localhost:8000/connection/websocket';

/** The address that the browser build was given. */
export function builtInUrl(): string | undefined {
  try {
    const url = process.env.NEXT_PUBLIC_CENTRIFUGO_URL;
    return url === '' ? undefined : url;
  } catch {
    return undefined;
  }
}
