import type { Request, RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import * as z from 'zod';

import type { Logger } from '../core/log.ts';
import { describeError } from '../core/log.ts';
import { requestIdOf } from './request-id.ts';
import { routePattern } from './route-pattern.ts';

/** pino-http does not say what it hands over. */
const Timing = z.object({ responseTime: z.number() });

const PROBES = new Set(['/livez', '/readyz']);

/**
 * One line per answered request: which route, how it ended, how long it took. Chosen field by field, so
 * that no header, no query and no body can get in.
 */
export function logRequests(log: Logger): RequestHandler {
  const line = (
    request: Request,
    response: Response,
    { responseTime }: { responseTime: number },
  ) => ({
    event: response.writableFinished ? 'http.answered' : 'http.aborted',
    method: request.method,
    route: routePattern(request),
    status: response.statusCode,
    ms: responseTime,
  });
  return pinoHttp<Request, Response>({
    logger: log,
    genReqId: requestIdOf,
    customAttributeKeys: { reqId: 'requestId' },
    quietReqLogger: true,
    quietResLogger: true,
    // Its own would print headers and every property of an error, statement parameters among them.
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined, err: describeError },
    autoLogging: { ignore: ({ path }) => PROBES.has(path) },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
    customSuccessObject: line,
    // What went wrong is logged where it is translated (problem.ts).
    customErrorObject: (...[request, response, , timing]) =>
      line(request, response, Timing.parse(timing)),
    customSuccessMessage: () => 'answered',
    customErrorMessage: () => 'answered',
  });
}
