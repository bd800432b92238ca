import * as z from 'zod';

/** The environment is not usable: `problems` has a line for each variable that is wrong. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'bad_environment';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(
      `The environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Reads the variables that `schema` names; an empty one counts as absent. All faults at once. */
export function parseEnvironment<T extends z.ZodObject>(
  schema: T,
  environment: NodeJS.ProcessEnv,
): z.infer<T> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [
      name,
      environment[name] === '' ? undefined : environment[name],
    ]),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  );
}

// What several doors ask for.

export const portNumber = z.coerce.number().int().min(0).max(65_535);
export const port = (fallback: number) => portNumber.default(fallback);
export const secret = z.string().min(32, 'must have at least 32 characters');
export const httpUrl = z.url({ protocol: /^https?$/ });
export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });
export const redisUrl = z.url({ protocol: /^rediss?$/ });
export const logLevel = z
  .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  .default('info');
