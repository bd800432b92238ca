import type { RequestListener } from 'node:http';

import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

import type { EphemeralOutcome } from './ephemeral.ts';
import { routePattern } from './route-pattern.ts';

export type Metrics = {
  /** Measures every request that passes. */
  measure: RequestHandler;
  /** Answers `/metrics` in Prometheus' text format, and nothing else: for a port that the public does not reach. */
  expose: RequestListener;
  doorbellLost: () => void;
  /** A process counts calls by itself for a while, because Redis did not answer. */
  countedAlone: () => void;
  countEphemeral: (outcome: EphemeralOutcome, events: number) => void;
};

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'rov_http_request_duration_seconds',
    help: 'From the request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const doorbellsLost = new Counter({
    name: 'rov_doorbells_lost_total',
    help: 'Rings that Redis did not take; the sweeper delivers those events',
    registers: [registry],
  });
  const ephemeralEvents = new Counter({
    name: 'rov_ephemeral_events_total',
    help: 'Typing and viewing: published, lost because Centrifugo did not take them, or crowded out before',
    labelNames: ['outcome'],
    registers: [registry],
  });

  const alone = new Counter({
    name: 'rov_rate_limits_alone_total',
    help: 'How often Redis did not count a call and this process began to count for itself',
    registers: [registry],
  });

  return {
    measure(request, response, next) {
      const stop = durations.startTimer();
      response.once('close', () =>
        stop({
          // A client may invent methods, and a label must not grow without end.
          method: METHODS.has(request.method) ? request.method : 'other',
          route: routePattern(request),
          status: response.writableFinished ? response.statusCode : 'aborted',
        }),
      );
      next();
    },
    expose(request, response) {
      if (request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      registry.metrics().then(
        (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    },
    doorbellLost: () => doorbellsLost.inc(),
    countedAlone: () => alone.inc(),
    countEphemeral: (outcome, events) => ephemeralEvents.inc({ outcome }, events),
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
