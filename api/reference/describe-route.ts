import type * as z from 'zod';

import { nothing } from '../handle.ts';
import { CONDITIONS, headers, parameter } from './headers.ts';
import type { Operation, Said } from './operation.ts';
import { parametersOf } from './parameters.ts';
import { problemAnswer, problemsByStatus } from './problems.ts';
import type { Route } from './routes.ts';
import type { Json, Schemas } from './schemas.ts';

type Described = { operation: Operation; schemas: Schemas };

/** One operation of the document: what the route takes by its shapes, and what it answers by its description. */
export function describeRoute({ shapes }: Route, { operation, schemas }: Described): Json {
  const body = shapes === undefined || shapes.body === nothing.body ? undefined : shapes.body;
  const parameters = [
    ...(shapes ? parametersOf(shapes, schemas) : []),
    ...(operation.condition ? [CONDITIONS[operation.condition]] : []),
    parameter('RequestId'),
    ...(operation.isTraced ? [parameter('Traceparent')] : []),
  ];
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description,
    ...(operation.isPublic && { security: [] }),
    parameters,
    ...(body && { requestBody: requestBody(body, { operation, schemas }) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, said]) => [status, answer(said, schemas)]),
      ),
      ...Object.fromEntries(
        Array.from(
          problemsByStatus(operation, { hasBody: body !== undefined }),
          ([status, codes]) => [status, problemAnswer(status, codes)],
        ),
      ),
    },
  };
}

function requestBody(body: z.ZodType, { operation, schemas }: Described): Json {
  const { example } = operation;
  return { required: true, content: { 'application/json': { schema: schemas.of(body), example } } };
}

function answer({ description, body, isReplay, isVersioned }: Said, schemas: Schemas): Json {
  return {
    description,
    headers: headers(
      'RequestId',
      ...(isReplay ? ['IdempotentReplayed' as const] : []),
      ...(isVersioned ? ['Revision' as const] : []),
    ),
    ...(body && {
      content: { [body.mediaType]: { schema: schemas.of(body.schema), example: body.example } },
    }),
  };
}
