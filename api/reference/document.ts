import { Problem } from '@rov/realtime';

import { describeRoute } from './describe-route.ts';
import { HEADERS, PARAMETERS } from './headers.ts';
import { INTRODUCTION } from './introduction.ts';
import type { Operations } from './operation.ts';
import { problemExamples, sharedAnswers } from './problems.ts';
import type { Route } from './routes.ts';
import { createSchemas } from './schemas.ts';
import type { Json } from './schemas.ts';
import { TAGS } from './tags.ts';

/**
 * The OpenAPI document of `routes`, each with its description. Throws when a route has no description, or a
 * description no route.
 */
export function describeApi(
  routes: readonly Route[],
  { operations, version }: { operations: Operations; version: string },
): Json {
  const schemas = createSchemas();
  schemas.of(Problem);
  const left = new Set(Object.keys(operations));
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const operation = operations[route.name];
    if (operation === undefined) throw new Error(`${route.name} has no description`);
    left.delete(route.name);
    paths[route.path] = {
      ...paths[route.path],
      [route.method]: describeRoute(route, { operation, schemas }),
    };
  }
  if (left.size > 0) throw new Error(`there is no route ${[...left].join(', ')}`);

  return {
    openapi: '3.1.1',
    info: { title: 'rov', version, summary: 'Chat over REST', description: INTRODUCTION },
    servers: [{ url: '/', description: 'Where this document came from' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Of the identity provider',
        },
      },
      parameters: PARAMETERS,
      headers: HEADERS,
      schemas: schemas.components,
      responses: sharedAnswers(),
      examples: problemExamples(),
    },
  };
}
