/**
 * `npm run bench` measures the product beside what it is compared with, in one run and on one machine, and prints a
 * line for each budget. With `--quick` once each, in under two minutes; else five times, with medians. Exit code 1 when
 * a budget is missed.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { startOwnPostgres } from '../test/harness/own-server.ts';
import { percentile } from '../test/harness/percentile.ts';
import { startServers } from '../test/harness/servers.ts';
import type { Servers } from '../test/harness/servers.ts';
import { measureCatchUp } from './catch-up.ts';
import { lineOf } from './line.ts';
import type { Measured } from './line.ts';
import { measureDualWrite, measureSendToClient } from './send-to-client.ts';
import type { Delays } from './send-to-client.ts';

const quick = readArguments();
const rounds = quick ? 1 : 5;

const say = (line: string): void => console.log(line);
const shared = await startServers((line) => say(`  ${line}`));
// Not the tests' own, which forgets in a power cut and is faster for it.
const postgres = await startOwnPostgres(shared.servers);
const stopAll = async (): Promise<void> => {
  await postgres.server.stop();
  // Also ends whatever else is still running of this run.
  await shared.stop();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(1)));
}

try {
  say(`  ${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${rounds} round(s) each`);
  const lines = [
    ...(await catchUpLines(postgres.servers)),
    ...(await sendToClientLines(postgres.servers)),
  ].map(lineOf);
  for (const { text } of lines) say(text);
  process.exitCode = lines.every(({ kept }) => kept) ? 0 : 1;
} finally {
  await stopAll();
}

async function catchUpLines(servers: Servers): Promise<Measured[]> {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    const result = await measureCatchUp(servers, {
      conversations: 1_000,
      membersEach: 5,
      messagesEach: 100,
      byDualWrite: 20_000,
    });
    say(`  catch-up: ${JSON.stringify(result)}`);
    results.push(result);
  }
  return [
    {
      name: 'catch-up of 100,000 messages in 1,000 conversations',
      unit: 'events/s',
      ours: percentile(
        results.map(({ ours }) => ours),
        50,
      ),
      reference: percentile(
        results.map(({ dualWrite }) => dualWrite),
        50,
      ),
      against: 'dual write, 32 at once, unordered',
      budget: { atLeast: 1.3 },
    },
  ];
}

async function sendToClientLines(servers: Servers): Promise<Measured[]> {
  const pace = {
    conversations: 50,
    membersEach: 5,
    sendsPerSecond: 500,
    warmUpMs: 3_000,
    measureMs: 6_000,
  };
  const ours: Delays[] = [];
  const reference: Delays[] = [];
  for (let round = 0; round < rounds; round += 1) {
    reference.push(await measureDualWrite(servers, pace));
    ours.push(await measureSendToClient(servers, pace));
    say(`  send to client: ${JSON.stringify({ ours: ours.at(-1), dualWrite: reference.at(-1) })}`);
  }
  const line = (name: string, of: 'p50' | 'p99' | 'answerP50', atMost: number): Measured => ({
    name,
    unit: 'ms',
    ours: percentile(
      ours.map((delays) => delays[of]),
      50,
    ),
    reference: percentile(
      reference.map((delays) => delays[of]),
      50,
    ),
    against: 'dual write',
    budget: { atMost },
  });
  return [
    line('send to client at 500/s, p50', 'p50', 1.8),
    line('send to client at 500/s, p99', 'p99', 2),
    line('send to answer at 500/s, p50', 'answerP50', 0.8),
  ];
}

function readArguments(): boolean {
  try {
    return parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values.quick;
  } catch (error) {
    console.error(`${String(error)}\nnpm run bench [-- --quick]`);
    process.exit(2);
  }
}
