import { chatChannel, conversationChannel } from '@rov/realtime';
import { rawJson, type CentrifugeServerClient, type Command } from '@rov/realtime/server';

import type { OutboxRow } from '../core/outbox/claim-page.ts';
import { verdictOnFault, verdictOnRow, type PageVerdict, type Verdict } from './verdict.ts';

/** Centrifugo handles a broadcast as one job: small enough to stay far below its write timeout. */
const CHANNELS_A_BROADCAST = 1_000;

export type RowVerdict = { row: OutboxRow; verdict: Verdict };

/** The request as a whole came to nothing. `verdict` is never `refused`: that is found by halving. */
export class PageFault extends Error {
  override readonly name = 'PageFault';
  readonly verdict: Exclude<PageVerdict, { kind: 'refused' }>;

  constructor(verdict: Exclude<PageVerdict, { kind: 'refused' }>, cause: unknown) {
    super(verdict.reason, { cause });
    this.verdict = verdict;
  }
}

/**
 * Sends rows in their order, as one batch, and says what became of each. A batch that Centrifugo refuses
 * as a whole (it runs nothing of it then) is halved until the bad row stands alone.
 */
export async function publishPage(
  centrifugo: Pick<CentrifugeServerClient, 'batch'>,
  rows: readonly OutboxRow[],
  signal: AbortSignal,
): Promise<RowVerdict[]> {
  const commands = rows.map(commandsOf);
  try {
    const outcomes = await centrifugo.batch(commands.flat(), { signal });
    let next = 0;
    return rows.map((row, index) => {
      const from = next;
      next += commands[index]?.length ?? 0;
      return { row, verdict: verdictOnRow(outcomes.slice(from, next)) };
    });
  } catch (error) {
    const verdict = verdictOnFault(error);
    if (verdict.kind !== 'refused') throw new PageFault(verdict, error);
    const [only] = rows;
    if (rows.length === 1 && only) {
      return [{ row: only, verdict: { kind: 'poison', reason: verdict.reason } }];
    }
    const half = Math.ceil(rows.length / 2);
    const first = await publishPage(centrifugo, rows.slice(0, half), signal);
    return [...first, ...(await publishPage(centrifugo, rows.slice(half), signal))];
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
