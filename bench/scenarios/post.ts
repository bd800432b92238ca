import { Agent, request } from 'undici';

import type { Person } from '../../test/harness/people.ts';
import { startStack } from '../../test/harness/stack.ts';
import type { Stack } from '../../test/harness/stack.ts';
import { dualWrite } from '../contenders/dual-write.ts';
import { rov } from '../contenders/rov.ts';
import { dropOutboxRows } from '../contenders/store.ts';
import type { Context } from '../context.ts';
import { delaysOf, percentileMs } from '../delays.ts';
import { sendSteadily } from '../pace.ts';
import { heardAtSink } from '../sink.ts';
import type { Sizes } from '../sizes.ts';
import { startWitness } from '../witness.ts';

const MEMBERS_EACH = 5;

/**
 * From the call of `POST …/messages` to its answer, and to the message on a WebSocket: the shipped API and worker, beside
 * the same API with one route more that publishes before it answers.
 */
export async function post({ servers, sizes, record }: Context): Promise<void> {
  const quiet = { LOG_LEVEL: 'warn' };
  const dual = await startStack(servers, {
    ...{ workers: 0, apiEntry: 'bench/contenders/dual-write-api.ts', apiEnv: quiet },
  });
  await dropOutboxRows(dual.database.sql);
  const theirs = await measure(dual, sizes.post, (id) => `/v1/dual-write/${id}/messages`);
  const shipped = await startStack(servers, { apiEnv: quiet, workerEnv: quiet });
  const ours = await measure(shipped, sizes.post, (id) => `/v1/conversations/${id}/messages`);

  for (const { contender, fault, delays, answers } of [
    { ...theirs, contender: dualWrite.name },
    { ...ours, contender: rov.name },
  ]) {
    const one = (what: string, value: number) =>
      record({ what, contender, unit: 'ms', value, fault });
    one('POST to client, p50', percentileMs(delays, 50));
    one('POST to client, p99', percentileMs(delays, 99));
    one('POST to answer, p50', percentileMs(answers, 50));
  }
}

type Measured = { delays: number[]; answers: number[]; fault: string | null };

async function measure(
  stack: Stack,
  pace: Sizes['post'],
  pathOf: (conversationId: string) => string,
): Promise<Measured> {
  await using undo = new AsyncDisposableStack();
  undo.defer(() => stack.stop());
  const { perSecond, warmUpMs, measureMs } = pace;
  const sender = await stack.people.person('Sender');
  const others = await stack.people.persons(
    ...Array.from({ length: MEMBERS_EACH - 1 }, (_, n) => `Member${n}`),
  );
  const conversationIds = await Promise.all(
    Array.from({ length: pace.conversations }, () => stack.people.group(sender, ...others)),
  );
  const userId = others[0]!.id;
  using witness = await startWitness({ centrifugo: stack.centrifugo, userId, conversationIds });
  const urls = conversationIds.map((id) => `${stack.api.url}${pathOf(id)}`);
  // Whoever finds all of them busy waits, and the wait counts.
  const dispatcher = new Agent({ connections: 64, headersTimeout: 30_000 });
  undo.defer(() => dispatcher.close());
  const sent = await sendSteadily({
    ...{ perSecond, ms: warmUpMs + measureMs },
    send: (n) => sendOne({ dispatcher, sender, url: urls[n % urls.length]!, clientId: `m-${n}` }),
  });
  const fault = await heardAtSink(
    witness,
    userId,
    conversationIds.map((conversationId, place) => ({
      conversationId,
      messages: Math.ceil((sent.length - place) / conversationIds.length),
      on: ['conversation', 'chat'],
    })),
  );
  const counted = sent.slice((warmUpMs / 1_000) * perSecond);
  return {
    delays: delaysOf(counted, witness.heard(), (n) => `m-${n}`),
    answers: counted.map(({ answeredMs }) => answeredMs),
    fault,
  };
}

async function sendOne(send: {
  dispatcher: Agent;
  sender: Person;
  url: string;
  clientId: string;
}): Promise<void> {
  const { dispatcher, sender, url, clientId } = send;
  const { statusCode, body } = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { authorization: `Bearer ${sender.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ clientId, content: `This is ${clientId}, one of many.` }),
  });
  const text = await body.text();
  if (statusCode !== 201) throw new Error(`${statusCode}: ${text}`);
}
