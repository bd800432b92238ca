import type { Message, Profile } from '@rov/realtime';
import type { PendingSend, Receipts } from '@rov/realtime/client';

/** Messages of one sender closer together than this stand under one name. */
const SAME_BREATH_MS = 5 * 60_000;

/** What is said, whatever stands around it. */
type Said = {
  key: string;
  at: number;
  day: string;
  sender: Profile;
  mine: boolean;
  content: string;
  /** What became of it since it was said. */
  change: 'edited' | 'deleted' | null;
  seq: number | null;
  pending: PendingSend | null;
  /** What can be acted on; null for what is not confirmed. */
  message: Message | null;
};

/** How it stands among the rest. */
type Place = {
  /** Names and corners depend on how a message stands in the run of its sender's messages. */
  startsRun: boolean;
  endsRun: boolean;
  /** How many of the others have it on a device, and how many have read it: of one's own, where that is told. */
  delivered: number;
  read: number;
  /** Whether it is being put in other words. */
  inEdit: boolean;
};

export type MessageRow = Said & Place & { kind: 'message' };

export type TimelineRow =
  | MessageRow
  | { kind: 'day'; key: string; at: number }
  | { kind: 'unread'; key: string }
  | { kind: 'system'; key: string; at: number; content: string; seq: number | null };

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
  hasOlder,
  receipts,
  editedId,
}: {
  messages: readonly Message[];
  pending: readonly PendingSend[];
  me: Profile;
  /** The last `seq` that was read; null draws no line. */
  unreadAfter: number | null;
  /** Whether the conversation goes on before these messages. */
  hasOlder: boolean;
  receipts: Receipts;
  /** The message that is being put in other words. */
  editedId: string | null;
}): TimelineRow[] {
  const reached = reachedBy(receipts);
  const said = [
    ...messages.map((message) => saidIn(message, me.id)),
    ...pending.map((send) => fromPending(send, me)),
  ];
  const rows: TimelineRow[] = [];
  // Where the message before the line is not here, the line is not, either.
  const first = messages[0]?.seq ?? 0;
  let lineDrawn = unreadAfter === null || (hasOlder && first > unreadAfter + 1);
  said.forEach((one, index) => {
    const before = said[index - 1];
    const newDay = before?.day !== one.day;
    if (newDay) rows.push({ kind: 'day', key: `day ${one.key}`, at: one.at });
    const line = !lineDrawn && !one.mine && one.seq !== null && one.seq > (unreadAfter ?? 0);
    if (line) {
      rows.push({ kind: 'unread', key: 'unread' });
      lineDrawn = true;
    }
    const startsRun = newDay || line || !sameRun(before, one);
    const endsRun = !sameRun(one, said[index + 1]);
    const inEdit = editedId !== null && one.message?.id === editedId;
    rows.push(rowOf(one, { startsRun, endsRun, ...reached(one), inEdit }));
  });
  return rows;
}

/** Whether two rows say the same. */
export function isSameRow(one: TimelineRow, other: TimelineRow): boolean {
  if (one === other) return true;
  const before: Record<string, unknown> = one;
  const after: Record<string, unknown> = other;
  for (const key in after) if (before[key] !== after[key]) return false;
  return true;
}

/** Of thousands of messages few change: what was made of one is kept with it. */
const saidOf = new WeakMap<Message, Said>();
const rowsOf = new WeakMap<Said, MessageRow>();

function rowOf(one: Said, place: Place): TimelineRow {
  const { key, at, content, seq } = one;
  if (isSystem(one)) return { kind: 'system', key, at, content, seq };
  const known = rowsOf.get(one);
  if (known !== undefined && isSamePlace(known, place)) return known;
  const row: MessageRow = { kind: 'message', ...one, ...place };
  rowsOf.set(one, row);
  return row;
}

function isSamePlace(one: Place, other: Place): boolean {
  return (
    one.startsRun === other.startsRun &&
    one.endsRun === other.endsRun &&
    one.delivered === other.delivered &&
    one.read === other.read &&
    one.inEdit === other.inEdit
  );
}

function saidIn(message: Message, me: string): Said {
  const said = saidOf.get(message) ?? fromMessage(message, me);
  saidOf.set(message, said);
  return said;
}

function fromMessage(message: Message, me: string): Said {
  const at = Date.parse(message.createdAt);
  return {
    key: `${message.senderId} ${message.clientId}`,
    at,
    day: dayOf(at),
    sender: message.sender,
    mine: message.senderId === me && message.type !== 'system',
    content: message.content,
    change: message.deletedAt ? 'deleted' : message.editedAt ? 'edited' : null,
    seq: message.seq,
    pending: null,
    message,
  };
}

function fromPending(send: PendingSend, me: Profile): Said {
  return {
    key: `${me.id} ${send.clientId}`,
    at: send.writtenAt,
    day: dayOf(send.writtenAt),
    sender: me,
    mine: true,
    content: send.content,
    change: null,
    seq: null,
    pending: send,
    message: null,
  };
}

/** How many have what is one's own, and how many have read it. */
function reachedBy(receipts: Receipts) {
  const all = Object.values(receipts);
  return ({ mine, seq }: Said) => {
    if (!mine || seq === null) return { delivered: 0, read: 0 };
    return {
      delivered: all.filter(({ lastDeliveredSeq }) => lastDeliveredSeq >= seq).length,
      read: all.filter(({ lastReadSeq }) => lastReadSeq >= seq).length,
    };
  };
}

function isSystem({ message }: Said): boolean {
  return message?.type === 'system';
}

function sameRun(one: Said | undefined, next: Said | undefined): boolean {
  if (one === undefined || next === undefined || isSystem(one) || isSystem(next)) return false;
  if (one.sender.id !== next.sender.id || one.day !== next.day) return false;
  return next.at - one.at < SAME_BREATH_MS;
}

function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
