import type { OutboxRow } from '../../core/outbox/read-page.ts';
import type { Postgres } from './postgres.ts';

/** The columns of `shards` that delivery decides by. */
export type Shard = {
  holder: string | null;
  ambiguousThrough: number | null;
  floor: number;
  floorNext: number | null;
  floorGate: number | null;
};

/** An event that was committed: from then on it must be heard. */
export type Committed = { conversationId: string; ev: number; eventId: string; type: string };

/** What is committed. One shard, and conversations with the numbers that they gave out. */
export type Tables = {
  outbox: Map<number, OutboxRow>;
  shard: Shard;
  evs: Map<string, number>;
  committed: Committed[];
  settled: string[];
};

export const AUDIENCE = ['ann', 'ben'];

export function createTables(conversations: readonly string[]): Tables {
  return {
    outbox: new Map(),
    shard: { holder: null, ambiguousThrough: null, floor: 0, floorNext: null, floorGate: null },
    evs: new Map(conversations.map((id) => [id, 0])),
    committed: [],
    settled: [],
  };
}

/** The rows that are visible above a floor, in order. */
export function waitingRows({ outbox }: Tables, floor: number): OutboxRow[] {
  return [...outbox.values()].filter(({ id }) => id > floor).toSorted((a, b) => a.id - b.id);
}

/**
 * An event and its row, numbered under the lock of its conversation, which the caller holds. Messages are the only
 * other events here, so `seq` and `ev` are the same number.
 */
export function newEvent(
  postgres: Pick<Postgres, 'takeId'>,
  event: { conversationId: string; ev: number } & (
    | { type: 'message'; bad: boolean }
    | { type: 'resync'; fromSeq: number }
  ),
): { row: OutboxRow; event: Committed } {
  const { conversationId, ev, type } = event;
  const eventId = `${type} ${ev} of ${conversationId}`;
  const about =
    event.type === 'message'
      ? { message: { seq: ev }, bad: event.bad }
      : { fromSeq: event.fromSeq };
  const payload = JSON.stringify({ conversationId, ev, eventId, type, ...about });
  return {
    event: { conversationId, ev, eventId, type },
    row: {
      id: postgres.takeId(),
      kind: 'event',
      conversationId,
      ev,
      subject: null,
      eventId,
      epoch: 'e',
      payload,
      audiencePayload: payload,
      audience: AUDIENCE,
      createdAt: new Date(0),
    },
  };
}
