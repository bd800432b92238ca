import { chatChannel, conversationChannel } from '@rov/realtime';
import { rawJson, type Command } from '@rov/realtime/server';

import type { OutboxRow } from '../core/outbox/read-page.ts';
import { outdatedReceipts } from './outdated-receipts.ts';
import { inRequests, type Sending } from './requests.ts';
import { verdictOnFault, type Answered, type PageVerdict } from './verdict.ts';

/** Centrifugo handles a broadcast as one job: small enough to stay far below its write timeout. */
const CHANNELS_A_BROADCAST = 1_000;

/** Of the codes that a client does not come back after by itself. */
const SESSION_ENDED = 4501;

/** A row with what Centrifugo said to each of its announcements. */
export type RowAnswer = Answered & { row: OutboxRow };

/** One command of a row, and whom it is broadcast to. */
export type Announcement = { command: Command; listeners: readonly string[] };

/** A request as a whole came to nothing. `verdict` is never `refused`: that is found by halving. */
export class PageFault extends Error {
  override readonly name = 'PageFault';
  readonly verdict: Exclude<PageVerdict, { kind: 'refused' }>;

  constructor(verdict: Exclude<PageVerdict, { kind: 'refused' }>, cause: unknown) {
    super(verdict.reason, { cause });
    this.verdict = verdict;
  }
}

/**
 * Sends rows in their order and says what Centrifugo answered to each; of receipts only the newest are sent. What Centrifugo refuses as a whole (it runs
 * nothing of it then) is halved until the bad row stands alone.
 *
 * @throws {PageFault} A request had no usable answer; those before it were carried out.
 */
export async function publishPage(
  sending: Sending,
  rows: readonly OutboxRow[],
): Promise<RowAnswer[]> {
  const outdated = outdatedReceipts(rows);
  const announced = rows.map((row) => ({
    row,
    announcements: outdated.has(row) ? [] : announcementsOf(row),
  }));
  const commands = announced.flatMap(({ announcements }) =>
    announcements.map(({ command }) => command),
  );
  try {
    const outcomes = (await inRequests(sending, commands)).values();
    return announced.map(({ row, announcements }) => ({
      row,
      numberedIn: row.payload === null || row.ev === null ? null : row.conversationId,
      answers: announcements.map(({ listeners }) => ({
        listeners,
        outcome: outcomes.next().value,
      })),
    }));
  } catch (error) {
    const verdict = verdictOnFault(error);
    if (verdict.kind !== 'refused') throw new PageFault(verdict, error);
    const [only] = rows;
    if (rows.length === 1 && only) {
      return [{ row: only, numberedIn: null, answers: [], refused: verdict.reason }];
    }
    const half = Math.ceil(rows.length / 2);
    const first = await publishPage(sending, rows.slice(0, half));
    return [...first, ...(await publishPage(sending, rows.slice(half)))];
  }
}

/**
 * The announcements of a row: to its conversation, numbered, and to the channels of its audience. A receipt has no number
 * and stays out of the history: whoever was not there asks how far others have read.
 */
export function announcementsOf(row: OutboxRow): Announcement[] {
  const control = controlOf(row);
  if (control) return row.isOver ? [] : [{ command: control, listeners: [] }];
  const announcements: Announcement[] = [];
  const passing = row.kind === 'receipt' ? { skipHistory: true } : {};
  if (row.payload !== null && row.conversationId !== null) {
    announcements.push({
      command: {
        method: 'publish',
        channel: conversationChannel(row.conversationId),
        data: rawJson(row.payload),
        idempotencyKey: row.eventId,
        ...passing,
        ...(row.ev !== null && { version: row.ev, versionEpoch: row.epoch }),
      },
      listeners: [],
    });
  }
  if (row.audiencePayload !== null && row.audience !== null) {
    const data = rawJson(row.audiencePayload);
    for (let from = 0; from < row.audience.length; from += CHANNELS_A_BROADCAST) {
      const listeners = row.audience.slice(from, from + CHANNELS_A_BROADCAST);
      announcements.push({
        command: {
          method: 'broadcast',
          channels: listeners.map(chatChannel),
          data,
          idempotencyKey: row.eventId,
          ...passing,
        },
        listeners,
      });
    }
  }
  return announcements;
}

/** What a row is that says nothing: an order to Centrifugo about its subscribers. */
function controlOf({ kind, conversationId, subject }: OutboxRow): Command | undefined {
  if (kind === 'disconnect' && subject !== null) {
    return { method: 'disconnect', user: subject, code: SESSION_ENDED, reason: 'session ended' };
  }
  if (conversationId === null) return undefined;
  const channel = conversationChannel(conversationId);
  if (kind === 'history_remove') return { method: 'historyRemove', channel };
  return kind === 'unsubscribe' && subject !== null
    ? { method: 'unsubscribe', user: subject, channel }
    : undefined;
}
