import { pino } from 'pino';
import type { DestinationStream, Logger, LoggerOptions } from 'pino';

export type { Logger };

/**
 * One JSON line per event on standard output. The first argument carries `event`, a stable name, and ids;
 * never a message's content and never a token.
 */
export function createLog(options: {
  door: string;
  level: string;
  /** Default: standard output. */
  destination?: DestinationStream;
}): Logger {
  const settings: LoggerOptions = {
    level: options.level,
    base: { door: options.door, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
    hooks: {
      // Without words of its own pino takes those of the error, past the serializer.
      logMethod([first, ...more], write) {
        const isMute = more.length === 0 && typeof first === 'object';
        Reflect.apply(write, this, isMute ? [first, eventOf(first)] : [first, ...more]);
      },
    },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

function eventOf(line: object | null): string {
  const named = line !== null && 'event' in line && typeof line.event === 'string';
  return named ? String(line.event) : 'unnamed event';
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
