import type { RequestListener } from 'node:http';

import type { Registry } from 'prom-client';

import type { Sql } from '../core/db/database.ts';
import { within } from '../core/lifecycle.ts';
import { listen, type Listening } from '../core/listen.ts';
import type { Loop } from './loop.ts';

/** A loop without a good round for so long is dead, or hangs in a question to somebody who does not answer. */
const ROUND_OVERDUE_AFTER_MS = 30_000;

/** `/livez`, `/readyz` (Postgres answers and every loop goes round) and `/metrics` of the worker. */
export function serveHealth(parts: {
  port: number;
  host: string;
  sql: Sql;
  loops: readonly Loop[];
  registry: Registry;
}): Promise<Listening> {
  const answerHealth: RequestListener = (request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    void (async () => {
      switch (request.url) {
        case '/livez':
          return answer(200, 'ok\n');
        case '/readyz': {
          const problems = await problemsOf(parts);
          return answer(problems.length === 0 ? 200 : 503, `${problems.join('\n') || 'ok'}\n`);
        }
        case '/metrics':
          return answer(200, await parts.registry.metrics(), parts.registry.contentType);
        default:
          return answer(404, 'not found\n');
      }
    })().catch(() => answer(503, 'unavailable\n'));
  };
  return listen(answerHealth, parts);
}

async function problemsOf({ sql, loops }: { sql: Sql; loops: readonly Loop[] }): Promise<string[]> {
  const problems = loops
    .filter((loop) => Date.now() - loop.lastRoundAt() > ROUND_OVERDUE_AFTER_MS)
    .map(
      (loop) =>
        `the ${loop.name} loop has not finished a round for ${ROUND_OVERDUE_AFTER_MS / 1_000} s`,
    );
  const postgres = await within(sql`SELECT 1`, 1_000);
  if (postgres !== 'done') problems.push('Postgres does not answer');
  return problems;
}
