import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

import { Router } from 'express';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createAskDatabase } from '../../../api/ask-database.ts';
import { apiInProcess } from '../../harness/api-in-process.ts';
import type { ApiInProcess } from '../../harness/api-in-process.ts';
import { meet } from '../../harness/described.ts';
import { mintToken } from '../../harness/people.ts';
import type { Person } from '../../harness/people.ts';
import { problemOf } from './ask.ts';
import { generatedRequests, operationIds } from './generated/requests.ts';
import type { GeneratedRequest } from './generated/requests.ts';
import type { World } from './generated/values.ts';

const REQUESTS = 10_000;
const SEED = 20_260_302;
const AT_ONCE = 8;

test('ten thousand requests, sound and unsound, meet no fault, and every answer is as it is described', async () => {
  const api = await apiInProcess();
  const { findings, statuses } = await sendAll(api, {
    worlds: await someWorlds(api),
    count: REQUESTS,
  });
  expect(findings).toEqual([]);
  // Otherwise this would show that the door is shut, and nothing of what is behind it.
  const heard = (id: string) => [...(statuses.get(id) ?? [])];
  const silent = operationIds.filter((id) => !heard(id).some((status) => status < 300));
  expect(silent, 'never answered well').toEqual([]);
}, 180_000);

test('a route that throws is found', async () => {
  const asking = createAskDatabase({ atOnce: 16, deadlineMs: 5_000 });
  const api = await apiInProcess({
    ask: { ...asking, read: () => Promise.reject(new TypeError('x is undefined')) },
    remember: () => Promise.resolve(),
  });
  const stranger = await api.people.stranger('Eve');
  const { findings } = await sendAll(api, { worlds: [worldOf([stranger])], count: 300 });
  expect(findings.join('\n')).toMatch(/GET \/v1\/unread .* 500/);
});

test('an answer that nobody described is found', async () => {
  const mount = Router();
  mount.use((_request, response) => void response.status(418).json({ mood: 'short' }));
  const api = await apiInProcess({ mount });
  const stranger = await api.people.stranger('Eve');
  const { findings } = await sendAll(api, { worlds: [worldOf([stranger])], count: 600 });
  expect(findings.join('\n')).toMatch(/418/);
});

type Outcome = { findings: string[]; statuses: Map<string, Set<number>> };

async function sendAll(
  { url }: ApiInProcess,
  { worlds, count }: { worlds: World[]; count: number },
): Promise<Outcome> {
  const waiting = fc.sample(generatedRequests(worlds), { numRuns: count, seed: SEED });
  const findings: string[] = [];
  const statuses = new Map<string, Set<number>>();
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { operationId } = next;
      try {
        const status = await send(url, next);
        statuses.set(operationId, (statuses.get(operationId) ?? new Set()).add(status));
      } catch (error) {
        findings.push(`${told(next)}: ${String(error)}`.slice(0, 2_000));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { findings, statuses };
}

/** Sends one request. Throws when its answer is a fault, or none that the document has. */
async function send(url: string, request: GeneratedRequest): Promise<number> {
  const { method, address, headers, body } = request;
  const answer = await fetch(`${url}${address}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(10_000),
  });
  const heard = { status: answer.status, headers: answer.headers, text: await answer.text() };
  if (heard.status >= 500 && !isNotReady(heard.text))
    throw new Error(`${heard.status} ${heard.text}`);
  meet({
    method,
    url: answer.url,
    sent: heard.status < 300 ? sentBy(request) : undefined,
    ...heard,
  });
  if (heard.status >= 400 && !isPage(heard)) problemOf(heard);
  return heard.status;
}

/** Nobody delivers here, so that somebody who has just come has to wait for ever. No other fault is none. */
const isNotReady = (text: string): boolean => text.includes('"code":"conversation_not_ready"');

/** Outside of /v1 a browser that asks for what does not exist is shown so; `meet` knows those pages. */
const isPage = ({ headers }: { headers: Headers }): boolean =>
  headers.get('content-type')?.startsWith('text/html') ?? false;

/** What the API read, where it accepted the request. */
function sentBy({ body, headers }: GeneratedRequest): unknown {
  if (typeof body === 'string') return body === '' ? undefined : JSON.parse(body);
  if (body === undefined) return undefined;
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : Buffer.from(body);
  return JSON.parse(text.toString());
}

const told = ({ method, address, headers, body }: GeneratedRequest): string =>
  `${method} ${address} ${JSON.stringify({ ...headers, authorization: '' })} ${String(body).slice(0, 300)}`;

/** Groups of some people each, all with a stranger at the door: the requests write, and so the groups change meanwhile. */
async function someWorlds({ people, identity }: ApiInProcess): Promise<World[]> {
  const worlds: World[] = [];
  for (let index = 0; index < 24; index += 1) {
    const everybody = await people.persons('Ann', 'Ben', 'Cem', 'Dan', 'Eve');
    const inside = everybody.slice(0, 4);
    const [owner, ...others] = inside;
    const conversationId = await people.group(owner!, ...others);
    const messageIds: string[] = [];
    for (const author of Array.from({ length: 6 }, () => inside).flat()) {
      const said = { clientId: randomUUID(), content: 'hello' };
      messageIds.push((await author.rest.send(conversationId, said)).body.id);
    }
    // Signing out everywhere ends their tokens one after the other; these are of after the last of it.
    const issuedAt = new Date(Date.now() + 600_000);
    const lasting = everybody.map(({ id: sub }) =>
      mintToken(identity, { sub, issuedAt, expiresIn: '2h' }),
    );
    const world = worldOf(everybody);
    worlds.push({
      ...world,
      tokens: [...world.tokens, ...(await Promise.all(lasting))],
      conversationIds: [conversationId],
      messageIds,
    });
  }
  return worlds;
}

function worldOf(people: Person[]): World {
  return {
    tokens: people.map(({ token }) => token),
    userIds: people.map(({ id }) => id),
    conversationIds: [randomUUID()],
    messageIds: [randomUUID()],
  };
}
