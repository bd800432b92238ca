import { setTimeout as sleep } from 'node:timers/promises';

import { Agent, request } from 'undici';

import type { Person } from '../test/harness/people.ts';
import { percentile } from '../test/harness/percentile.ts';
import type { Servers } from '../test/harness/servers.ts';
import { startStack } from '../test/harness/stack.ts';
import type { Stack } from '../test/harness/stack.ts';
import { until } from '../test/harness/until.ts';
import { startWitness } from './witness.ts';
import type { Witness } from './witness.ts';

export type Pace = {
  conversations: number;
  membersEach: number;
  sendsPerSecond: number;
  /** Before anything counts: for compilers, caches and connections. */
  warmUpMs: number;
  measureMs: number;
};

export type Delays = { p50: number; p99: number; answerP50: number };

type Sent = { clientId: string; startedAt: number; answeredMs: number };

/** From the call of `POST …/messages` to the message on a WebSocket, in ms, by the shipped API and worker. */
export async function measureSendToClient(servers: Servers, pace: Pace): Promise<Delays> {
  const stack = await startStack(servers, {
    apiEnv: { LOG_LEVEL: 'warn' },
    workerEnv: { LOG_LEVEL: 'warn' },
  });
  return measure(stack, pace, (id) => `/v1/conversations/${id}/messages`);
}

/** The same by an API that publishes before it answers. */
export async function measureDualWrite(servers: Servers, pace: Pace): Promise<Delays> {
  const stack = await startStack(servers, {
    workers: 0,
    apiEntry: 'bench/dual-write-api.ts',
    apiEnv: { LOG_LEVEL: 'warn' },
  });
  await stack.database.sql`
    CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`;
  await stack.database.sql`
    CREATE TRIGGER no_outbox BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION drop_row()`;
  return measure(stack, pace, (id) => `/v1/dual-write/${id}/messages`);
}

async function measure(
  stack: Stack,
  pace: Pace,
  pathOf: (conversationId: string) => string,
): Promise<Delays> {
  try {
    const sender = await stack.people.person('Sender');
    const others = await stack.people.persons(
      ...Array.from({ length: pace.membersEach - 1 }, (_, n) => `Member${n}`),
    );
    const conversationIds = await Promise.all(
      Array.from({ length: pace.conversations }, () => stack.people.group(sender, ...others)),
    );
    const witness = await startWitness({
      person: others[0]!,
      conversationIds,
      url: stack.centrifugo.wsUrl,
    });
    const urls = conversationIds.map((id) => `${stack.api.url}${pathOf(id)}`);
    const sent = await sendSteadily({ sender, urls, pace });
    const counted = await heardOf(witness, sent, pace);
    witness.close();
    const delays = counted.map(({ clientId, startedAt }) => witness.heardAt(clientId)! - startedAt);
    return {
      p50: percentile(delays, 50),
      p99: percentile(delays, 99),
      answerP50: percentile(
        counted.map(({ answeredMs }) => answeredMs),
        50,
      ),
    };
  } finally {
    await stack.stop();
  }
}

/** An open loop: the next send does not wait for the answer to the last. */
async function sendSteadily(options: {
  sender: Person;
  urls: readonly string[];
  pace: Pace;
}): Promise<Sent[]> {
  const { sender, urls, pace } = options;
  const total = ((pace.warmUpMs + pace.measureMs) / 1_000) * pace.sendsPerSecond;
  const began = performance.now();
  const underWay: Promise<Sent>[] = [];
  while (underWay.length < total) {
    const due = ((performance.now() - began) / 1_000) * pace.sendsPerSecond;
    while (underWay.length < Math.min(due, total)) {
      const url = urls[underWay.length % urls.length]!;
      underWay.push(sendOne(sender, url, `message-${underWay.length}`));
    }
    await sleep(1);
  }
  return Promise.all(underWay);
}

/** Whoever finds all of them busy waits, and the wait counts. */
const dispatcher = new Agent({ connections: 64, headersTimeout: 30_000 });

async function sendOne(sender: Person, url: string, clientId: string): Promise<Sent> {
  const startedAt = performance.now();
  const { statusCode, body } = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { authorization: `Bearer ${sender.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ clientId, content: `This is ${clientId}, one of many.` }),
  });
  const text = await body.text();
  const answeredMs = performance.now() - startedAt;
  if (statusCode !== 201) throw new Error(`${statusCode}: ${text}`);
  return { clientId, startedAt, answeredMs };
}

/** The sends after the warm-up, once all of them have come. */
async function heardOf(witness: Witness, sent: readonly Sent[], pace: Pace): Promise<Sent[]> {
  const counted = sent.slice((pace.warmUpMs / 1_000) * pace.sendsPerSecond);
  const missing = () => counted.filter(({ clientId }) => witness.heardAt(clientId) === undefined);
  await until(() => missing().length === 0, {
    timeoutMs: 10_000,
    what: () => `${missing().length} of ${counted.length} messages`,
  });
  return counted;
}
