import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { createAskDatabase } from '../../../api/ask-database.ts';
import type { Database, Orm, Sql } from '../../../core/db/database.ts';
import { apiInProcess } from '../../harness/api-in-process.ts';
import type { ApiInProcess } from '../../harness/api-in-process.ts';
import { ask } from './ask.ts';
import { addressOf, askedOf, nameOf, routesOfV1, TRIALS } from './every-route.ts';
import type { About, Trial } from './every-route.ts';

/**
 * How often each route asks Postgres when an owner or the author calls it, who is known already: the cost of a verb
 * that grows with no data, and an invariant of the design, where a transaction is one statement. Where something stays open
 * after the call, one more asks whether the caller may still come in.
 */
const STATEMENTS: Record<string, number> = {
  'POST /v1/realtime/token': 1,
  'POST /v1/realtime/subscription-token': 2,
  'GET /v1/realtime/position': 2,
  'GET /v1/connections': 1,
  'PUT /v1/connections/{userId}': 3,
  'DELETE /v1/connections/{userId}': 1,
  'GET /v1/conversations': 1,
  'POST /v1/conversations': 2,
  'PUT /v1/conversations/direct/{userId}': 2,
  'GET /v1/conversations/{conversationId}': 1,
  'GET /v1/conversations/{conversationId}/members': 1,
  'POST /v1/conversations/{conversationId}/members': 2,
  'DELETE /v1/conversations/{conversationId}/members/{userId}': 1,
  'GET /v1/conversations/{conversationId}/messages': 1,
  'POST /v1/conversations/{conversationId}/messages': 1,
  'PUT /v1/conversations/{conversationId}/read': 1,
  'GET /v1/unread': 1,
  'PATCH /v1/conversations/{conversationId}': 2,
  'PATCH /v1/conversations/{conversationId}/members/{userId}': 1,
  'PATCH /v1/conversations/{conversationId}/messages/{messageId}': 1,
  'DELETE /v1/conversations/{conversationId}/messages/{messageId}': 1,
  'PUT /v1/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}': 1,
  'DELETE /v1/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}': 1,
  'PATCH /v1/conversations/{conversationId}/me': 2,
  'POST /v1/receipts/delivered': 1,
  'GET /v1/conversations/{conversationId}/messages/{messageId}/receipts': 1,
  'POST /v1/conversations/{conversationId}/typing': 1,
  'POST /v1/conversations/{conversationId}/viewing': 1,
  'DELETE /v1/sessions': 1,
  'GET /v1/sync': 1,
  'POST /v1/sync/verify': 1,
  'GET /v1/conversations/{conversationId}/messages/{messageId}/trace': 1,
  'PUT /v1/presence/sessions/{sessionId}': 2,
  'DELETE /v1/presence/sessions/{sessionId}': 2,
  'PUT /v1/presence/status': 1,
  'GET /v1/presence': 1,
};

const api = await apiInProcess();
const counting = countStatements(api.database);

test('every route has a price', () => {
  expect(Object.keys(STATEMENTS).toSorted()).toEqual(routesOfV1().toSorted());
});

test.each(TRIALS.map((trial) => [nameOf(trial), trial] as const))('%s', async (name, trial) => {
  expect(await priceOf(trial, { api, counting })).toBe(STATEMENTS[name]);
});

test('a route that asks twice is found out', async () => {
  const asking = createAskDatabase({ atOnce: 16, deadlineMs: 5_000 });
  const twice = await apiInProcess({
    ask: {
      ...asking,
      read: async (statement) => {
        await statement();
        return asking.read(statement);
      },
    },
  });
  const unread = TRIALS.find((trial) => nameOf(trial) === 'GET /v1/unread')!;
  const price = await priceOf(unread, { api: twice, counting: countStatements(twice.database) });
  expect(price).toBe(2 * STATEMENTS['GET /v1/unread']!);
});

async function priceOf(
  trial: Trial,
  { api: { people, url }, counting: { counted } }: { api: ApiInProcess; counting: Counting },
): Promise<number> {
  const [ann, ben] = await people.persons('Ann', 'Ben');
  const conversationId = await people.group(ann!, ben!);
  const said = { clientId: randomUUID(), content: 'hello' };
  const { id: messageId } = (await ann!.rest.send(conversationId, said)).body;
  const about: About = { conversationId, messageId, member: ben! };
  const before = counted();
  const heard = await ask(`${url}${addressOf(trial, about)}`, {
    ...askedOf(trial, about),
    token: ann!.token,
  });
  expect(heard.status).toBeLessThan(300);
  return counted() - before;
}

type Counting = { counted: () => number };

/** Counts what a database is asked from now on; the driver looks at this option before each statement. */
function countStatements({ sql, orm }: Database): Counting {
  let count = 0;
  const debug = (): void => {
    count += 1;
  };
  Object.assign(sql.options, { debug });
  Object.assign((orm as Orm & { $client: Sql }).$client.options, { debug });
  return { counted: () => count };
}
