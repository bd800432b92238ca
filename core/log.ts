import { pino, type Logger } from 'pino';

export type { Logger };

/**
 * One JSON line per event on standard output. The first argument carries `event`, a stable name, and ids;
 * never a message's content and never a token.
 */
export function createLog(options: { door: string; level: string }): Logger {
  return pino({
    level: options.level,
    base: { door: options.door, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  });
}

type ErrorFacts = { type: string; message: string; code?: unknown; stack?: string };

/**
 * What may be told of an error. Drizzle puts the query's parameters, and with them what people wrote,
 * into its message, and Postgres does so in `detail`: both are left out.
 */
export function describeError(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: 'thrown value is no Error' };
  if (error.cause instanceof Error && 'query' in error) return describeError(error.cause);
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    ...(error.stack !== undefined && { stack: error.stack }),
  };
}
