import { chatChannel, conversationChannel } from '@rov/realtime';
import type { CentrifugeServerClient, Command } from '@rov/realtime/server';

import { newId } from '../core/new-id.ts';
import type { OutboxRow, PageBounds } from '../core/outbox/read-page.ts';
import type { Sending } from './requests.ts';

/** How often a row alone must break its request, with Centrifugo otherwise fine before and after, to be called bad. */
const STRIKES = 5;
const PROBE_DEADLINE_MS = 1_000;

/**
 * Finds the row that breaks whole requests (too large for something on the way, or fatal to the connection) while
 * Centrifugo is otherwise there: of a page that came to nothing only half is tried next, until one row stands alone.
 * What gets through meanwhile is delivered, and each success doubles the page again. Kept by shard, because one turn
 * may be too short to find it.
 */
export function createSuspicion(centrifugo: Pick<CentrifugeServerClient, 'batch'>) {
  const shards = new Map<number, { rows: number; strikes: number }>();
  return {
    narrow(shard: number, bounds: PageBounds): PageBounds {
      const rows = shards.get(shard)?.rows;
      return rows === undefined ? bounds : { ...bounds, rows };
    },

    passed(shard: number, bounds: PageBounds): void {
      const state = shards.get(shard);
      if (!state) return;
      if (state.rows * 2 >= bounds.rows) shards.delete(shard);
      else shards.set(shard, { rows: state.rows * 2, strikes: 0 });
    },

    /**
     * What to do after a page came to nothing although it was sent: wait like everybody, look again at less of it, or
     * bury the one row that it was.
     */
    async failed(
      shard: number,
      rows: readonly OutboxRow[],
      { onProgress }: Pick<Sending, 'onProgress'>,
    ): Promise<'wait' | 'narrow' | 'bury'> {
      const [first] = rows;
      await onProgress();
      if (!first || !(await isOtherwiseFine(centrifugo, first))) return 'wait';
      if (rows.length > 1) {
        shards.set(shard, { rows: Math.ceil(rows.length / 2), strikes: 0 });
        return 'narrow';
      }
      const strikes = (shards.get(shard)?.strikes ?? 0) + 1;
      shards.set(shard, { rows: 1, strikes });
      return strikes < STRIKES ? 'narrow' : 'bury';
    },
  };
}

export type Suspicion = ReturnType<typeof createSuspicion>;

/**
 * Publishes something in the same way, to a channel on which nobody can be, and asks for the row's own channels: no
 * user sees any of it.
 */
async function isOtherwiseFine(
  centrifugo: Pick<CentrifugeServerClient, 'batch'>,
  row: OutboxRow,
): Promise<boolean> {
  const channels = [
    ...(row.conversationId === null ? [] : [conversationChannel(row.conversationId)]),
    ...(row.audience ?? []).slice(0, 1).map(chatChannel),
  ];
  const commands: Command[] = [
    { method: 'publish', channel: conversationChannel(newId()), data: {}, skipHistory: true },
    ...channels.map((channel) => ({ method: 'history' as const, channel, limit: 0 })),
  ];
  try {
    const signal = AbortSignal.timeout(PROBE_DEADLINE_MS);
    return (await centrifugo.batch(commands, { signal })).every(({ ok }) => ok);
  } catch {
    return false;
  }
}
