/**
 * `npm run smoke`: everything on free ports and in temporary folders, one message from REST to a WebSocket, then
 * Centrifugo is killed, ten messages and a change of presence are written meanwhile, and after its restart the receiver
 * must have seen all of it in order and once. Exit code 0 when that is so.
 */
import { randomUUID } from 'node:crypto';

import type { Person } from './harness/people.ts';
import type { Recorder } from './harness/recorder.ts';
import { startServers } from './harness/servers.ts';
import { startStack } from './harness/stack.ts';
import type { Stack } from './harness/stack.ts';
import { until } from './harness/until.ts';
import { judge } from './harness/verdict.ts';
import type { AcknowledgedSend } from './harness/verdict.ts';

const began = performance.now();
const undo: (() => Promise<unknown>)[] = [];
/** Rejects at Ctrl-C: no further step begins, and what was begun is stopped. */
const interrupted = Promise.withResolvers<never>();
let over = false;
interrupted.promise.catch(() => (over = true));

/** Runs a step and prints a line about it: how long it took, and what it says of itself. */
async function step<T>(name: string, work: () => Promise<[T, string?]>): Promise<T> {
  if (over) return interrupted.promise;
  const from = performance.now();
  const [result, remark] = await work();
  const took = `${((performance.now() - from) / 1_000).toFixed(2)} s`.padStart(8);
  console.log(`ok ${took}  ${name}${remark ? `: ${remark}` : ''}`);
  return result;
}

/** What is still starting when a signal comes is waited for, and then stopped like the rest. */
function undoOnce<T>(starting: Promise<T>, stop: (started: T) => Promise<unknown>): void {
  undo.push(() => starting.then(stop, () => undefined));
}

/** In the opposite order of what was started; also after a failure and after Ctrl-C. */
async function cleanUp(): Promise<void> {
  const faults: unknown[] = [];
  for (const each of undo.splice(0).toReversed()) {
    await each().catch((error: unknown) => faults.push(error));
  }
  if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join('; '));
}

async function send(
  from: Person,
  conversationId: string,
  content: string,
): Promise<AcknowledgedSend> {
  const { status, body } = await from.rest.send(conversationId, {
    clientId: randomUUID(),
    content,
  });
  if (status !== 201) throw new Error(`a send answered ${status}`);
  return body;
}

async function smoke(): Promise<void> {
  const stack = await bringUp();
  const { ann, conversationId, page } = await openConversation(stack);

  const sends = await step('a message travels from REST to the WebSocket', async () => {
    const from = performance.now();
    const first = await send(ann, conversationId, 'one');
    await page.until(() => page.shown(conversationId).length === 1, {
      timeoutMs: 5_000,
      what: 'the first message',
    });
    return [[first], `${Math.round(performance.now() - from)} ms`];
  });
  await step('kill -9 of Centrifugo', async () => [await stack.centrifugo.kill()]);
  await step('ten messages and a change of presence while it is down', async () => {
    const from = performance.now();
    for (let n = 1; n <= 10; n += 1) sends.push(await send(ann, conversationId, `down ${n}`));
    await ann.rest.beat('tab', 'idle');
    return [
      undefined,
      `every one answered, ${Math.round((performance.now() - from) / 11)} ms each`,
    ];
  });
  await step('restart of Centrifugo', async () => [await stack.centrifugo.restart()]);
  await step('the receiver has seen everything', async () => {
    await page.until(() => page.shown(conversationId).length >= 11 && page.presence.length >= 2, {
      timeoutMs: 20_000,
      what: () =>
        `11 messages and 2 states; there are ${page.shown(conversationId).length} and ${page.presence.length}`,
    });
    return [undefined];
  });
  await step('in order and exactly once', async () => {
    sends.push(await closeOff(stack, page, () => send(ann, conversationId, 'last')));
    const { rawDuplicates, ...faults } = judge(sends, [page]);
    const states = page.presence.map(({ status, version }) => `${status} ${version}`).join(', ');
    const all = { ...faults, malformed: page.malformed };
    const wrong = Object.entries(all).filter(([, found]) => found.length > 0);
    if (wrong.length > 0) throw new Error(JSON.stringify(Object.fromEntries(wrong)));
    if (states !== 'online 1, away 2') throw new Error(`presence was ${states}`);
    return [undefined, `${rawDuplicates} repeats on the wire, none of them shown`];
  });
}

async function bringUp(): Promise<Stack> {
  const servers = await step('Postgres and Redis', async () => {
    const starting = startServers((line) => console.log(`              ${line}`));
    undoOnce(starting, async (running) => {
      const left = await running.stop();
      if (left.length > 0) throw new Error(`left running: ${left.join(', ')}`);
    });
    return [(await starting).servers];
  });
  return step('Centrifugo, api and worker', async () => {
    const starting = startStack(servers);
    undoOnce(starting, (stack) => stack.stop());
    const stack = await starting;
    return [stack, stack.api.url];
  });
}

async function openConversation(
  stack: Stack,
): Promise<{ ann: Person; conversationId: string; page: Recorder }> {
  return step('two people, connected, and a conversation', async () => {
    const [ann, ben] = await Promise.all([stack.people.person('Ann'), stack.people.person('Ben')]);
    await ann.rest.connect(ben.id);
    const conversationId = await stack.people.direct(ann, ben);
    await ben.rest.beat('tab', 'active');
    await ann.rest.beat('tab', 'active');
    const page = stack.record({ person: ben, conversations: [conversationId], chat: true });
    await page.ready();
    await page.until(() => page.presence.length === 1, {
      timeoutMs: 5_000,
      what: 'Ann to be online',
    });
    return [{ ann, conversationId, page }];
  });
}

/**
 * What is still under way could be a repeat: when the outbox is empty, one more message goes out, and whatever was
 * published before it has come in when both of its announcements have.
 */
async function closeOff(
  stack: Stack,
  page: Recorder,
  last: () => Promise<AcknowledgedSend>,
): Promise<AcknowledgedSend> {
  await until(async () => (await stack.database.sql`SELECT FROM outbox LIMIT 1`).length === 0, {
    timeoutMs: 10_000,
    what: 'the outbox to be empty',
  });
  const sent = await last();
  const isLast = ({ data }: { data: Record<string, unknown> }): boolean => data['seq'] === sent.seq;
  await page.until(
    () =>
      page.raw.some(isLast) && page.shown(sent.conversationId).at(-1)?.clientId === sent.clientId,
    {
      timeoutMs: 10_000,
      what: 'the last message',
    },
  );
  return sent;
}

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Not `once`: a package that also listens takes a listener that has removed itself for none, and ends us at once.
    process.on(signal, () => interrupted.reject(new Error(`ended by ${signal}`)));
  }
  try {
    await Promise.race([smoke(), interrupted.promise]);
  } catch (error) {
    console.log(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await cleanUp().catch((error: unknown) => {
      console.log(`FAILED to clean up: ${String(error)}`);
      process.exitCode = 1;
    });
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.log(`${process.exitCode ? 'smoke failed' : 'smoke passed'} after ${seconds} s`);
}

await main();
// A step that was interrupted may still be waiting for something.
process.exit();
