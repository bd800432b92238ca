import type { Field } from '../faults/fault.ts';
import type { Met } from '../front.ts';
import type { Deed } from '../load/ledger.ts';

/** What both ends and the tables know of one conversation of which something was lost. */
export type Dossier = {
  conversationId: string;
  /** What was asked for in it; times in ms from the beginning of the load. */
  deeds: unknown[];
  /** What became of its events, as the table of deliveries has it. */
  deliveries: unknown[];
  /** What each page that looks at it got on which channel, and when its subscriptions had to read again. */
  heard: Record<string, unknown[]>;
  reloads: Record<string, unknown[]>;
  /** What workers asked of Centrifugo about it, and got. */
  calls: unknown[];
};

const MOST = 6;
const LAST = 300;

/** Of the conversations that findings name, for whoever looks for the cause. */
export async function openDossiers(
  { stack, cast, links }: Pick<Field, 'stack' | 'cast' | 'links'>,
  asked: { findings: readonly string[]; deeds: readonly Deed[]; began: number },
): Promise<Dossier[]> {
  const { findings, deeds, began } = asked;
  const since = (at: number): number => Math.round(at - began);
  const all = new Set(
    deeds.flatMap((deed) => ('conversationId' in deed ? [deed.conversationId] : [])),
  );
  const named = [...all].filter((id) => id && findings.some((what) => what.includes(id)));
  return Promise.all(
    named.slice(0, MOST).map(async (conversationId): Promise<Dossier> => {
      const rows = await stack.database.sql`
        SELECT row_to_json(d) AS delivery FROM deliveries d
        WHERE conversation_id = ${conversationId} ORDER BY acknowledged_at DESC LIMIT ${LAST}`;
      const pages = cast.clients.filter(
        ({ recorder, list }) =>
          recorder.conversations.includes(conversationId) || list.conversations.has(conversationId),
      );
      return {
        conversationId,
        deeds: deeds
          .filter((deed) => 'conversationId' in deed && deed.conversationId === conversationId)
          .slice(-LAST)
          .map((deed) => ({
            ...deed,
            startedAt: since(deed.startedAt),
            answeredAt: since(deed.answeredAt),
          })),
        deliveries: rows.map((row) => row['delivery']),
        heard: Object.fromEntries(
          pages.map(({ recorder }) => [
            recorder.name,
            recorder.raw
              .filter(({ data }) => data['conversationId'] === conversationId)
              .slice(-LAST)
              .map(({ channel, offset, data, receivedAt }) => {
                const { type, ev, eventId, fromSeq } = data;
                return { at: since(receivedAt), channel, offset, type, ev, eventId, fromSeq };
              }),
          ]),
        ),
        calls: links.flatMap(({ front }, link) =>
          front.met.flatMap((met) =>
            callsAbout(conversationId, { ...met, at: since(met.at), link }),
          ),
        ),
        reloads: Object.fromEntries(
          pages.map(({ recorder }) => [
            recorder.name,
            recorder.reloads
              .filter(({ channel }) => channel.endsWith(conversationId))
              .map(({ lostAt, backAt }) => ({ lostAt: since(lostAt), backAt: since(backAt) })),
          ]),
        ),
      };
    }),
  );
}

function callsAbout(conversationId: string, met: Met & { link: number }): unknown[] {
  const { at, tookMs, commands, fate, link } = met;
  const replies = typeof fate === 'string' ? [] : repliesIn(fate.body);
  return (commands ?? []).flatMap((command, index) => {
    const text = JSON.stringify(command);
    if (!text.includes(conversationId)) return [];
    const { data: _, ...asked } = Object.values(command)[0]!;
    const got = typeof fate === 'string' ? fate : (replies[index] ?? fate.status);
    return [{ at, tookMs: Math.round(tookMs), link, method: Object.keys(command)[0], asked, got }];
  });
}

function repliesIn(body: string): unknown[] {
  try {
    return (JSON.parse(body) as { replies?: unknown[] }).replies ?? [];
  } catch {
    return []; // An error of a proxy, in plain text.
  }
}
