import { keyOf } from './event-key.ts';
import { expectedOf } from './expected.ts';
import type { Expected } from './expected.ts';
import type { Publication } from './publications.ts';
import type { Case, Testimony } from './testimony.ts';

type Heard = Testimony['raw'][number];

export type WireFindings = {
  /** Acknowledged, never heard, and nobody was told to look again: a later reader may have found it by chance. */
  unheard: string[];
  /** Came more than once to the same channel of a page. */
  repeated: string[];
  /** Came for the first time behind a later event of its conversation, on the same channel. */
  overtaken: string[];
  /** Repeats and overtakings that a fault explains: pages merge them away. */
  excused: { repeated: number; overtaken: number };
};

/** What sockets brought, before a page mends anything. */
export function judgeWire({ deeds, pages, published, excuses }: Omit<Case, 'truth'>): WireFindings {
  const findings: WireFindings = {
    unheard: [],
    repeated: [],
    overtaken: [],
    excused: { repeated: 0, overtaken: 0 },
  };
  for (const page of pages) {
    const byChannel = Map.groupBy(page.raw, ({ channel }) => channel);
    const ids = eventIds(page.raw);
    for (const expected of expectedOf(page, deeds)) {
      const { channel, key } = expected;
      const heard = ids.get(`${channel} ${key}`) ?? new Set();
      const onChannel = byChannel.get(channel) ?? [];
      const sent = published.get(`${channel} ${key}`) ?? [];
      if (isMissed(expected, { heard, sent, onChannel, reloads: page.reloads })) {
        findings.unheard.push(`${page.name}: ${key} on ${channel}`);
      }
    }
    for (const [channel, heard] of byChannel) {
      for (const { eventId, firstAt, againAt } of repeatsOf(heard)) {
        const isExcused = excuses.engineLost.some(
          ({ from, to }) => firstAt <= to && againAt >= from,
        );
        if (isExcused) findings.excused.repeated += 1;
        else findings.repeated.push(`${page.name}: ${eventId} on ${channel}`);
      }
      for (const { eventId, key, behindAt, at, words } of overtakenOf(heard)) {
        // The first time this page was away; with its memory Centrifugo lost the fence that stops a repeat.
        const isRepeat = excuses.engineLost.some(
          ({ from, to }) =>
            behindAt <= to &&
            at >= from &&
            published
              .get(`${channel} ${key}`)
              ?.some((sent) => sent.eventId === eventId && sent.from <= to && sent.from < behindAt),
        );
        const isExcused = isRepeat || excuses.heldBack.has(`${channel} ${eventId}`);
        if (isExcused) findings.excused.overtaken += 1;
        else findings.overtaken.push(`${page.name}: ${words} on ${channel}`);
      }
    }
  }
  return findings;
}

/** What was published this long before a page noticed that its connection is dead may have gone into the void. */
const UNNOTICED_MS = 12_000;

function isMissed(
  { deeds, channel, conversationId, seq }: Expected,
  witness: {
    heard: ReadonlySet<unknown>;
    sent: readonly Publication[];
    onChannel: readonly Heard[];
    reloads: Testimony['reloads'];
  },
): boolean {
  const { heard, sent, onChannel, reloads } = witness;
  // Mark the same place twice, and it is announced once.
  const announced = deeds[0]!.verb === 'mark read' ? 1 : deeds.length;
  const short = announced - heard.size;
  if (short <= 0) return false;
  const isToldToLook = onChannel.some(
    ({ data, receivedAt }) =>
      data['type'] === 'resync' &&
      data['conversationId'] === conversationId &&
      receivedAt >= deeds[0]!.startedAt &&
      (seq === undefined || Number(data['fromSeq']) <= seq),
  );
  if (isToldToLook) return false;
  const readAgain = sent.filter(
    ({ eventId, from, to }) =>
      !heard.has(eventId) &&
      reloads.some(
        (reload) =>
          reload.channel === channel && from <= reload.backAt && to >= reload.lostAt - UNNOTICED_MS,
      ),
  );
  return new Set(readAgain.map(({ eventId }) => eventId)).size < short;
}

/** Of each channel and kind of event, the ids that came. */
function eventIds(raw: readonly Heard[]): Map<string, Set<unknown>> {
  const ids = new Map<string, Set<unknown>>();
  for (const { channel, data } of raw) {
    const key = `${channel} ${keyOf(data)}`;
    ids.set(key, (ids.get(key) ?? new Set()).add(data['eventId'] ?? data));
  }
  return ids;
}

function repeatsOf(
  heard: readonly Heard[],
): { eventId: string; firstAt: number; againAt: number }[] {
  const first = new Map<string, number>();
  const repeats: { eventId: string; firstAt: number; againAt: number }[] = [];
  for (const { data, receivedAt } of heard) {
    const { eventId } = data;
    if (typeof eventId !== 'string') continue;
    const firstAt = first.get(eventId);
    if (firstAt === undefined) first.set(eventId, receivedAt);
    else repeats.push({ eventId, firstAt, againAt: receivedAt });
  }
  return repeats;
}

type Overtaken = {
  eventId: string;
  key: string | null;
  /** When the later one came, and when this one did. */
  behindAt: number;
  at: number;
  words: string;
};

function overtakenOf(heard: readonly Heard[]): Overtaken[] {
  const known = new Set<unknown>();
  const highest = new Map<unknown, { ev: number; at: number }>();
  const overtaken: Overtaken[] = [];
  for (const { data, receivedAt: at } of heard) {
    const { eventId, conversationId, ev } = data;
    // Not every event has a number of its conversation: what somebody has read has none.
    if (typeof ev !== 'number' || typeof eventId !== 'string' || known.has(eventId)) continue;
    known.add(eventId);
    const before = highest.get(conversationId);
    if (before && ev < before.ev) {
      const words = `ev ${ev} behind ${before.ev}`;
      overtaken.push({ eventId, key: keyOf(data), behindAt: before.at, at, words });
    } else highest.set(conversationId, { ev, at });
  }
  return overtaken;
}
