import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { text } from 'node:stream/consumers';

const COST = { N: 16_384, r: 8, p: 1 };
const HASH_BYTES = 32;
const FORMAT = /^scrypt\$([A-Za-z0-9_-]{16,})\$([A-Za-z0-9_-]{43})$/;

/**
 * Makes the third part of an entry of OPERATORS: `scrypt$<salt>$<hash>`, both base64url
 * (N = 16,384, r = 8, p = 1, 32 bytes).
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt);
  return `scrypt$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether `hash` has the shape that {@link hashPassword} gives. */
export function isPasswordHash(hash: string): boolean {
  return FORMAT.test(hash);
}

/** Compares in constant time. A malformed `hash` matches nothing. */
export async function passwordMatches(password: string, hash: string): Promise<boolean> {
  const [, salt, expected] = FORMAT.exec(hash) ?? [];
  if (salt === undefined || expected === undefined) return false;
  const actual = await derive(password, Buffer.from(salt, 'base64url'));
  return timingSafeEqual(actual, Buffer.from(expected, 'base64url'));
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  // The same password typed on two keyboards may come in two Unicode forms.
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(password.normalize('NFKC'), salt, HASH_BYTES, COST, (error, hash) => {
    if (error === null) resolve(hash);
    else reject(error);
  });
  return promise;
}

// `node dashboard/hash-password.ts NAME viewer|operator < password-file` prints an OPERATORS entry. The
// password is read from standard input, because arguments are visible to every user of the machine.
if (import.meta.main) {
  const [name, role] = process.argv.slice(2);
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  if (name === undefined || (role !== 'viewer' && role !== 'operator') || password.length < 12) {
    process.stderr.write(
      'usage: node dashboard/hash-password.ts NAME viewer|operator < file with a password of 12 characters or more\n',
    );
    process.exit(2);
  }
  process.stdout.write(`${name}:${role}:${await hashPassword(password)}\n`);
}
