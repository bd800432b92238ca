/**
 * `npm run env [ORIGIN]`: writes `.env` for docker compose, with fresh secrets, and says what is left to fill in. ORIGIN is
 * where browsers will find the web client, for example https://chat.example.com. An existing file stays as it is.
 */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ROOT } from './run-step.ts';

/** Secrets that nobody but these processes needs to know; 64 hexadecimal digits, which are safe in a URL too. */
const SECRETS = [
  'POSTGRES_PASSWORD',
  'CENTRIFUGO_API_KEY',
  'CENTRIFUGO_TOKEN_HMAC_SECRET',
  'DASHBOARD_SESSION_SECRET',
];

const WORDS = `  TRUSTED_PROXIES names the proxy in front, if there is one: see deploy/README.md.
  Of AUTH_JWT_SECRET and AUTH_JWKS_URL exactly one: whoever signs your users' tokens knows it.
  An entry for OPERATORS is printed by
    sh scripts/run.sh dashboard/hash-password.ts NAME viewer|operator < file-with-the-password
`;

/** Fills the template's secrets and what follows from the origin. Throws when `origin` is none. */
export function fillIn(template: string, origin?: string): string {
  const values = new Map(SECRETS.map((name) => [name, randomBytes(32).toString('hex')]));
  if (origin !== undefined) {
    if (!/^https?:/.test(origin) || URL.parse(origin)?.origin !== origin)
      throw new Error(`${origin} is no origin like https://chat.example.com`);
    values.set('ALLOWED_ORIGINS', origin);
    values.set('CENTRIFUGO_WS_URL', `${origin.replace(/^http/, 'ws')}/connection/websocket`);
  }
  return [...values].reduce((text, [name, value]) => {
    const filled = text.replace(new RegExp(`^${name}=$`, 'm'), `${name}=${value}`);
    if (filled === text) throw new Error(`${name}= is not in .env.example`);
    return filled;
  }, template);
}

/** The names that have no value yet. */
export function leftOpen(text: string): string[] {
  return [...text.matchAll(/^([A-Z_]+)=(?:'')?$/gm)].flatMap(([, name]) => name ?? []);
}

/** Writes `.env` beside the folder's `.env.example`, for its owner alone, and gives its text. Rejects when there is one. */
export async function writeEnv(folder: string, origin?: string): Promise<string> {
  const text = fillIn(await readFile(join(folder, '.env.example'), 'utf8'), origin);
  await writeFile(join(folder, '.env'), text, { mode: 0o600, flag: 'wx' });
  return text;
}

if (import.meta.main) {
  await writeEnv(ROOT, process.argv[2]).then(
    (text) => console.log(`wrote .env; left to fill in: ${leftOpen(text).join(', ')}\n${WORDS}`),
    (error: Error & { code?: string }) => {
      console.error(error.code === 'EEXIST' ? '.env exists and stays as it is' : error.message);
      process.exitCode = 1;
    },
  );
}
