import type { Problem } from '@rov/realtime';
import type { ErrorRequestHandler, Request } from 'express';

import { databaseFault } from '../core/db/database-fault.ts';
import type { Logger } from '../core/log.ts';
import { problemKind } from './problem-codes.ts';
import { Refusal } from './refusal.ts';
import { requestIdOf } from './request-id.ts';

/** What Express and its body parser know of a request that they cannot serve. */
const BODY_FAULTS: Record<string, ConstructorParameters<typeof Refusal>> = {
  'entity.parse.failed': ['malformed_json'],
  'entity.too.large': ['body_too_large'],
  'charset.unsupported': ['unsupported_media_type', { detail: 'Send UTF-8' }],
  'encoding.unsupported': ['unsupported_media_type', { detail: 'Send it without encoding' }],
};

const DATABASE_FAULTS = {
  busy: 'conversation_busy',
  undone: 'conversation_busy',
  unreachable: 'database_unavailable',
  overloaded: 'database_unavailable',
  unknown: 'outcome_unknown',
  refused: 'invalid_request',
} as const;

/** The one translation of whatever was thrown into what is answered. Unknown faults are `internal`. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  // First, since an upload that broke off has the same code as a connection to Postgres that did.
  const http = httpRefusal(error);
  if (http) return http;
  const fault = databaseFault(error);
  if (fault === 'other') return new Refusal('internal', { cause: error });
  return new Refusal(DATABASE_FAULTS[fault], { cause: error });
}

function httpRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const known = 'type' in error ? BODY_FAULTS[String(error.type)] : undefined;
  return known ? new Refusal(...known) : new Refusal('invalid_request');
}

/** Answers errors as RFC 9457 problems, and logs those that are not the client's doing: once, here. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  // oxlint-disable-next-line max-params -- Express knows an error handler by its four parameters.
  return (error: unknown, request, response, next) => {
    const refusal = asRefusal(error);
    const { status, ...kind } = problemKind(refusal.code);
    const retryAfterSeconds = refusal.retryAfterSeconds ?? kind.retryAfterSeconds;
    logFault(log, { refusal, requestId: requestIdOf(request), status });
    if (response.headersSent) {
      next(error);
      return;
    }
    if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds));
    if (status === 401) response.set('WWW-Authenticate', challenge(refusal));
    response
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify(describe(refusal, request)));
  };
}

function describe(refusal: Refusal, request: Request): Problem {
  const { status, title } = problemKind(refusal.code);
  return {
    type: `urn:rov:problem:${refusal.code}`,
    title,
    status,
    ...(refusal.detail !== undefined && { detail: refusal.detail }),
    instance: pathOf(request.originalUrl),
    code: refusal.code,
    requestId: requestIdOf(request),
    ...(refusal.errors && { errors: refusal.errors }),
  };
}

function challenge(refusal: Refusal): string {
  return refusal.code === 'token_missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}

function pathOf(url: string): string {
  const question = url.indexOf('?');
  return question < 0 ? url : url.slice(0, question);
}

function logFault(
  log: Logger,
  { refusal, requestId, status }: { refusal: Refusal; requestId: string; status: number },
): void {
  const facts = { requestId, code: refusal.code, err: refusal.cause };
  // With words of our own: without any, pino takes the error's, and those may quote what people wrote.
  if (status === 503) log.warn({ event: 'request.not_now', ...facts }, 'cannot be done now');
  else if (status >= 500) log.error({ event: 'request.failed', ...facts }, 'failed');
  // The database as the last line of defence: some check in front of it is missing.
  else if (databaseFault(refusal.cause) === 'refused') {
    log.warn({ event: 'request.value_refused', ...facts }, 'the database refused a value');
  }
}
