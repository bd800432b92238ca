import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import * as z from 'zod';

const token = () => randomBytes(32).toString('base64url');

const Secrets = z.object({
  postgresPassword: z.string().min(32),
  centrifugoApiKey: z.string().min(32),
  centrifugoHmacSecret: z.string().min(32),
  authJwtSecret: z.string().min(32),
  dashboardSessionSecret: z.string().min(32),
  operatorPassword: z.string().min(12),
});
export type Secrets = z.infer<typeof Secrets>;

/** The secrets of this checkout: made at the first start, readable by their owner alone, the same ever after. */
export function readOrMakeSecrets(file: string): Secrets {
  if (existsSync(file)) return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  const secrets: Secrets = {
    postgresPassword: token(),
    centrifugoApiKey: token(),
    centrifugoHmacSecret: token(),
    authJwtSecret: token(),
    dashboardSessionSecret: token(),
    operatorPassword: randomBytes(12).toString('base64url'),
  };
  const half = `${file}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(half, file);
  return secrets;
}
