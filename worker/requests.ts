import { setTimeout as pause } from 'node:timers/promises';

import type { CentrifugeServerClient, Command, CommandOutcome } from '@rov/realtime/server';
import pRetry from 'p-retry';

import { isOutage, verdictOnFault } from './verdict.ts';

/** A larger audience is reached in several requests, each with a deadline of its own. */
const CHANNELS_A_REQUEST = 20_000;
/** A request that is not through by then is given up: below the 4 s after which Postgres ends the drain's session. */
const REQUEST_DEADLINE_MS = 2_500;
const REPEAT_TO_CHANNELS_AFTER_MS = 50;

export type Sending = {
  centrifugo: Pick<CentrifugeServerClient, 'batch'>;
  /** Whether to try a request a second time, for the blip of a stale socket or one 5xx. */
  again: boolean;
  /** Called when a request was sent and its answer leaves open what became of it, also when it is repeated. */
  onDoubt: () => void;
  /** Called between two requests of one page. */
  onProgress: () => Promise<void>;
};

/**
 * Sends commands in their order, in as few requests as their audiences allow.
 *
 * @throws {CentrifugoTransportError} A request had no usable answer; those before it were carried out.
 */
export async function inRequests(
  sending: Sending,
  commands: readonly Command[],
): Promise<CommandOutcome[]> {
  const outcomes: CommandOutcome[] = [];
  for (const [index, part] of cut(commands).entries()) {
    if (index > 0) await sending.onProgress();
    outcomes.push(...(await inOneRequest(sending, part)));
  }
  return outcomes;
}

function cut(commands: readonly Command[]): Command[][] {
  const parts: Command[][] = [];
  let room = -1;
  for (const command of commands) {
    const size = command.method === 'broadcast' ? command.channels.length : 0;
    const part = parts.at(-1);
    if (part && size <= room) part.push(command);
    else {
      parts.push([command]);
      room = CHANNELS_A_REQUEST;
    }
    room -= size;
  }
  return parts;
}

/** Once more for those parts of broadcasts that did not get through beside the others. */
async function inOneRequest(
  sending: Sending,
  commands: readonly Command[],
): Promise<CommandOutcome[]> {
  const outcomes = await request(sending, commands);
  const repeats = commands.map((command, at) => missedPartOf(command, outcomes[at]));
  const missed = repeats.filter((part) => part !== undefined);
  if (missed.length === 0) return [...outcomes];

  await pause(REPEAT_TO_CHANNELS_AFTER_MS);
  // Stored unheard by the first try, an event is dropped as a repeat by the second.
  if (missed.some(isStored)) sending.onDoubt();
  let second: readonly CommandOutcome[] = [];
  try {
    second = await request(sending, missed);
  } catch (error) {
    // What the first try got through stays delivered; the rest is told as the first try told it.
    verdictOnFault(error);
  }
  let next = 0;
  return outcomes.map((outcome, at) =>
    repeats[at] === undefined ? outcome : withRepeat(outcome, second[next++]),
  );
}

/** Whether anybody counts on it: what stays out of the history may be lost. */
function isStored(command: Command): boolean {
  return !('skipHistory' in command && command.skipHistory === true);
}

/** A broadcast to those of its channels that had an outage of their own. */
function missedPartOf(command: Command, outcome: CommandOutcome | undefined): Command | undefined {
  if (command.method !== 'broadcast' || !outcome?.ok || outcome.method !== 'broadcast') {
    return undefined;
  }
  const { responses } = outcome.result;
  const channels = command.channels.filter((_, place) => isMissed(responses[place]));
  return channels.length === 0 ? undefined : { ...command, channels };
}

function isMissed(response: { ok: boolean; error?: unknown } | undefined): boolean {
  return response !== undefined && !response.ok && isOutage(response.error);
}

function withRepeat(first: CommandOutcome, second: CommandOutcome | undefined): CommandOutcome {
  if (!first.ok || first.method !== 'broadcast') return first;
  if (!second?.ok || second.method !== 'broadcast') return first;
  const repeated = second.result.responses.values();
  const responses = first.result.responses.map((response) =>
    isMissed(response) ? (repeated.next().value ?? response) : response,
  );
  return { ...first, result: { responses } };
}

/**
 * At most two tries. They carry the same keys, so a repeat is no duplicate. Outages are for the circuit, the queue's
 * retries and the sweeper.
 */
function request(
  { centrifugo, again, onDoubt }: Sending,
  commands: readonly Command[],
): Promise<readonly CommandOutcome[]> {
  const signal = AbortSignal.timeout(REQUEST_DEADLINE_MS);
  return pRetry(() => centrifugo.batch(commands, { signal }), {
    retries: again ? 1 : 0,
    minTimeout: 30,
    maxTimeout: 100,
    maxRetryTime: 300,
    randomize: true,
    onFailedAttempt: ({ error }) => {
      const verdict = verdictOnFault(error);
      if (verdict.kind === 'outage' && verdict.ambiguous && commands.some(isStored)) onDoubt();
    },
    shouldRetry: ({ error }) => verdictOnFault(error).kind === 'outage' && !signal.aborted,
  });
}
