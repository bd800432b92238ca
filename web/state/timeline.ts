import type { Message, Profile } from '@rov/realtime';
import type { PendingSend, Receipts } from '@rov/realtime/client';

/** Messages of one sender closer together than this stand under one name. */
const SAME_BREATH_MS = 5 * 60_000;

/** How a message stands in the run of its sender's messages: names and corners depend on it. */
type Run = { startsRun: boolean; endsRun: boolean };

export type MessageRow = Run & {
  kind: 'message';
  key: string;
  at: number;
  sender: Profile;
  mine: boolean;
  content: string;
  /** What became of it since it was said. */
  change: 'edited' | 'deleted' | null;
  seq: number | null;
  pending: PendingSend | null;
  /** How many of the others have it on a device, and how many have read it: of one's own, where that is told. */
  delivered: number;
  read: number;
  /** What can be acted on; null for what is not confirmed. */
  message: Message | null;
};

export type TimelineRow =
  | MessageRow
  | { kind: 'day'; key: string; at: number }
  | { kind: 'unread'; key: string }
  | { kind: 'system'; key: string; at: number; content: string };

type Said = Omit<MessageRow, keyof Run | 'kind'> & { system: boolean };

/**
 * Everything that the log shows, in order: days, the line above what is unread, messages, and one's
 * own sends that are not confirmed. A send keeps its key when it becomes a message, so that React
 * keeps its element.
 */
export function timeline({
  messages,
  pending,
  me,
  unreadAfter,
  receipts,
}: {
  messages: readonly Message[];
  pending: readonly PendingSend[];
  me: Profile;
  /** The last `seq` that was read when the conversation was opened; null draws no line. */
  unreadAfter: number | null;
  receipts: Receipts;
}): TimelineRow[] {
  const reached = reachedBy(receipts);
  const said = [
    ...messages.map((message) => fromMessage(message, { me: me.id, reached })),
    ...pending.map((send) => fromPending(send, me)),
  ];
  const rows: TimelineRow[] = [];
  let lineDrawn = unreadAfter === null;
  said.forEach((one, index) => {
    const before = said[index - 1];
    const newDay = before === undefined || !sameDay(before.at, one.at);
    if (newDay) rows.push({ kind: 'day', key: `day ${one.key}`, at: one.at });
    const line = !lineDrawn && !one.mine && one.seq !== null && one.seq > (unreadAfter ?? 0);
    if (line) {
      rows.push({ kind: 'unread', key: 'unread' });
      lineDrawn = true;
    }
    rows.push(
      rowOf(one, { startsRun: newDay || line || !sameRun(before, one), next: said[index + 1] }),
    );
  });
  return rows;
}

function rowOf(
  { system, ...one }: Said,
  { startsRun, next }: { startsRun: boolean; next: Said | undefined },
): TimelineRow {
  if (system) return { kind: 'system', key: one.key, at: one.at, content: one.content };
  const endsRun = !sameRun({ ...one, system }, next);
  return { kind: 'message', ...one, startsRun, endsRun };
}

function fromMessage(
  message: Message,
  { me, reached }: { me: string; reached: ReturnType<typeof reachedBy> },
): Said {
  const mine = message.senderId === me && message.type !== 'system';
  return {
    key: `${message.senderId} ${message.clientId}`,
    at: Date.parse(message.createdAt),
    sender: message.sender,
    mine,
    ...(mine ? reached(message.seq) : NOBODY),
    content: message.content,
    change: message.deletedAt ? 'deleted' : message.editedAt ? 'edited' : null,
    seq: message.seq,
    pending: null,
    message,
    system: message.type === 'system',
  };
}

function fromPending(send: PendingSend, me: Profile): Said {
  return {
    key: `${me.id} ${send.clientId}`,
    at: send.writtenAt,
    sender: me,
    mine: true,
    content: send.content,
    change: null,
    seq: null,
    pending: send,
    ...NOBODY,
    message: null,
    system: false,
  };
}

const NOBODY = { delivered: 0, read: 0 };

/** How many have a message of this `seq`, and how many have read it. */
function reachedBy(receipts: Receipts) {
  const all = Object.values(receipts);
  return (seq: number) => ({
    delivered: all.filter(({ lastDeliveredSeq }) => lastDeliveredSeq >= seq).length,
    read: all.filter(({ lastReadSeq }) => lastReadSeq >= seq).length,
  });
}

function sameRun(one: Said | undefined, next: Said | undefined): boolean {
  if (one === undefined || next === undefined || one.system || next.system) return false;
  if (one.sender.id !== next.sender.id || !sameDay(one.at, next.at)) return false;
  return next.at - one.at < SAME_BREATH_MS;
}

function sameDay(a: number, b: number): boolean {
  return dayOf(a) === dayOf(b);
}

function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
