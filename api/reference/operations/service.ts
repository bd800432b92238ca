import * as z from 'zod';

import { says } from '../operation.ts';
import type { Operations } from '../operation.ts';

const Live = z.object({ status: z.literal('ok') });
const Ready = z.object({ status: z.literal('ok'), postgres: z.literal('ok') });
const NotReady = z.object({
  status: z.enum(['unavailable', 'draining']).describe('`draining`: the process is about to stop'),
  postgres: z.literal('unavailable').optional(),
});

export const serviceOperations: Operations = {
  'GET /livez': {
    id: 'getLiveness',
    tag: 'Service',
    summary: 'Ask whether the process runs',
    description: 'Says nothing of anything that it depends on.',
    isPublic: true,
    answers: { 200: says('It runs.', Live, { status: 'ok' }) },
  },
  'GET /readyz': {
    id: 'getReadiness',
    tag: 'Service',
    summary: 'Ask whether the process can serve',
    description: 'Which needs Postgres and nothing else.',
    isPublic: true,
    answers: {
      200: says('It can.', Ready, { status: 'ok', postgres: 'ok' }),
      503: says('Not now.', NotReady, { status: 'unavailable', postgres: 'unavailable' }),
    },
  },
  'GET /openapi.json': {
    id: 'getDescription',
    tag: 'Service',
    summary: 'Get this document',
    description: 'OpenAPI 3.1. People read it at [/docs](/docs).',
    isPublic: true,
    answers: {
      200: says('The document.', z.looseObject({ openapi: z.string() }), { openapi: '3.1.1' }),
    },
  },
  'GET /asyncapi.json': {
    id: 'getEventDescription',
    tag: 'Service',
    summary: 'Get the description of the events',
    description: 'AsyncAPI 3: what the WebSocket brings, made of the same shapes as this document.',
    isPublic: true,
    answers: {
      200: says('The document.', z.looseObject({ asyncapi: z.string() }), { asyncapi: '3.0.0' }),
    },
  },
};
