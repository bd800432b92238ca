import { setTimeout as pause } from 'node:timers/promises';

import { chatChannel, conversationChannel } from '@rov/realtime';
import {
  rawJson,
  type CentrifugeServerClient,
  type Command,
  type CommandOutcome,
} from '@rov/realtime/server';
import pRetry from 'p-retry';

import type { OutboxRow } from '../core/outbox/read-page.ts';
import { isOutage, verdictOnFault, type Answered, type PageVerdict } from './verdict.ts';

/** Centrifugo handles a broadcast as one job: small enough to stay far below its write timeout. */
const CHANNELS_A_BROADCAST = 1_000;
/** A larger audience is reached in several requests, each with a deadline of its own. */
const CHANNELS_A_REQUEST = 20_000;
/** A request that is not through by then is given up: below the 4 s after which Postgres ends the drain's session. */
const REQUEST_DEADLINE_MS = 2_500;
const REPEAT_TO_CHANNELS_AFTER_MS = 50;

/** A row with what Centrifugo said to each of its commands. */
export type RowAnswer = Answered & { row: OutboxRow };

/** A request as a whole came to nothing. `verdict` is never `refused`: that is found by halving. */
export class PageFault extends Error {
  override readonly name = 'PageFault';
  readonly verdict: Exclude<PageVerdict, { kind: 'refused' }>;

  constructor(verdict: Exclude<PageVerdict, { kind: 'refused' }>, cause: unknown) {
    super(verdict.reason, { cause });
    this.verdict = verdict;
  }
}

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
 * Sends rows in their order and says what Centrifugo answered to each. What Centrifugo refuses as a whole (it runs
 * nothing of it then) is halved until the bad row stands alone.
 *
 * @throws {PageFault} A request had no usable answer; those before it were carried out.
 */
export async function publishPage(
  sending: Sending,
  rows: readonly OutboxRow[],
): Promise<RowAnswer[]> {
  const commands = rows.map(commandsOf);
  try {
    const outcomes = await inRequests(sending, commands.flat());
    let next = 0;
    return rows.map((row, index) => {
      const own = commands[index]!;
      const from = next;
      next += own.length;
      return {
        row,
        numberedIn: row.payload === null ? null : row.conversationId,
        listeners: listenersOf(row, own),
        outcomes: outcomes.slice(from, next),
      };
    });
  } catch (error) {
    const verdict = verdictOnFault(error);
    if (verdict.kind !== 'refused') throw new PageFault(verdict, error);
    const [only] = rows;
    if (rows.length === 1 && only) {
      return [
        { row: only, numberedIn: null, listeners: [], outcomes: [], refused: verdict.reason },
      ];
    }
    const half = Math.ceil(rows.length / 2);
    const first = await publishPage(sending, rows.slice(0, half));
    return [...first, ...(await publishPage(sending, rows.slice(half)))];
  }
}

/** The announcements of a row: to its conversation, numbered, and to the channels of its audience. */
export function commandsOf(row: OutboxRow): Command[] {
  if (row.kind === 'unsubscribe') {
    if (row.conversationId === null || row.subject === null) return [];
    return [
      {
        method: 'unsubscribe',
        user: row.subject,
        channel: conversationChannel(row.conversationId),
      },
    ];
  }
  const commands: Command[] = [];
  if (row.payload !== null && row.conversationId !== null && row.ev !== null) {
    commands.push({
      method: 'publish',
      channel: conversationChannel(row.conversationId),
      data: rawJson(row.payload),
      idempotencyKey: row.eventId,
      version: row.ev,
      versionEpoch: row.epoch,
    });
  }
  if (row.audiencePayload !== null && row.audience !== null) {
    const data = rawJson(row.audiencePayload);
    for (let from = 0; from < row.audience.length; from += CHANNELS_A_BROADCAST) {
      commands.push({
        method: 'broadcast',
        channels: row.audience.slice(from, from + CHANNELS_A_BROADCAST).map(chatChannel),
        data,
        idempotencyKey: row.eventId,
      });
    }
  }
  return commands;
}

function listenersOf({ audience }: OutboxRow, commands: readonly Command[]): string[][] {
  let next = 0;
  return commands.map((command) => {
    const from = next;
    next += channelsOf(command).length;
    return audience?.slice(from, next) ?? [];
  });
}

function channelsOf(command: Command): readonly string[] {
  return command.method === 'broadcast' ? command.channels : [];
}

async function inRequests(
  sending: Sending,
  commands: readonly Command[],
): Promise<CommandOutcome[]> {
  const outcomes: CommandOutcome[] = [];
  for (let from = 0; from < commands.length;) {
    if (from > 0) await sending.onProgress();
    let to = from + 1;
    let channels = channelsOf(commands[from]!).length;
    for (; to < commands.length; to += 1) {
      channels += channelsOf(commands[to]!).length;
      if (channels > CHANNELS_A_REQUEST) break;
    }
    outcomes.push(...(await inOneRequest(sending, commands.slice(from, to))));
    from = to;
  }
  return outcomes;
}

/** Sends commands together, and once more those parts of broadcasts that did not get through beside the others. */
async function inOneRequest(
  sending: Sending,
  commands: readonly Command[],
): Promise<CommandOutcome[]> {
  const outcomes = [...(await request(sending, commands))];
  const repeats = commands.flatMap((command, at) => {
    const which = missedBy(outcomes[at]!);
    return command.method === 'broadcast' && which.length > 0 ? [{ command, at, which }] : [];
  });
  if (repeats.length === 0) return outcomes;

  await pause(REPEAT_TO_CHANNELS_AFTER_MS);
  const second = await request(
    sending,
    repeats.map(({ command, which }) => ({
      ...command,
      channels: which.map((place) => command.channels[place]!),
    })),
  );
  for (const [index, { at, which }] of repeats.entries()) {
    const first = outcomes[at]!;
    const again = second[index]!;
    if (first.ok && first.method === 'broadcast' && again.ok && again.method === 'broadcast') {
      const responses = [...first.result.responses];
      for (const [nth, place] of which.entries()) {
        responses[place] = again.result.responses[nth]!;
        // Stored unheard by the first try, it is dropped as a repeat by the second.
        if (again.result.responses[nth]!.ok) sending.onDoubt();
      }
      outcomes[at] = { ok: true, method: 'broadcast', result: { responses } };
    }
  }
  return outcomes;
}

/** The channels of a broadcast that had an outage of their own. */
function missedBy(outcome: CommandOutcome): number[] {
  if (!outcome.ok || outcome.method !== 'broadcast') return [];
  return outcome.result.responses.flatMap((one, place) =>
    !one.ok && isOutage(one.error) ? [place] : [],
  );
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
      if (verdict.kind === 'outage' && verdict.ambiguous) onDoubt();
    },
    shouldRetry: ({ error }) => verdictOnFault(error).kind === 'outage' && !signal.aborted,
  });
}
