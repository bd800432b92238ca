import { existsSync } from 'node:fs';

/** The variables that somebody set, in the shell or in the file (the shell wins); an empty one counts as not set. */
export function setByHand(file: string): Record<string, string> {
  if (existsSync(file)) process.loadEnvFile(file);
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}
