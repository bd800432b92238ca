/** A variable of the server's environment, read when it is needed: a build needs none of them. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see .env.example`);
  return value;
}
