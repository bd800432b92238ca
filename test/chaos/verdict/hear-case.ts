import type { Rest } from '../../harness/rest.ts';
import { audit } from '../../reliability/audit.ts';
import type { Audit } from '../../reliability/audit.ts';
import type { Field } from '../faults/fault.ts';
import type { Cast, Client } from '../load/cast.ts';
import type { Deed, SendDeed } from '../load/ledger.ts';
import { publicationsIn } from './publications.ts';
import type { Case, Testimony, Truth } from './testimony.ts';

/** Puts together what both ends say, now that all is quiet. */
export async function hearCase(
  field: Pick<Field, 'stack' | 'cast' | 'links' | 'excuses'>,
  deeds: readonly Deed[],
): Promise<Case & { audit: Audit }> {
  const { stack, cast, links, excuses } = field;
  const { sql } = stack.database;
  const inLanes = new Set(cast.lanes.map(({ conversationId }) => conversationId));
  const sends = deeds.filter(
    (deed): deed is SendDeed =>
      deed.verb === 'send' && deed.outcome === 'acknowledged' && inLanes.has(deed.conversationId),
  );
  return {
    deeds,
    pages: cast.clients.map(testimonyOf),
    truth: {
      ...(await askPostgres(field)),
      receipts: await askForReceipts(cast),
      leavers: await askAsLeavers(cast),
    },
    published: publicationsIn(links.flatMap(({ front }) => front.met)),
    excuses,
    audit: await audit(sql, sends),
  };
}

function testimonyOf({ actor, recorder, list }: Client): Testimony {
  const { name, conversations, raw, reloads } = recorder;
  return {
    name,
    userId: actor.id,
    conversations,
    hearsChat: true,
    raw,
    shown: (id) => recorder.shown(id),
    states: (id) => recorder.states(id),
    reloads,
    list: list.conversations,
    presence: new Map(recorder.presence.map((state) => [state.userId, state])),
  };
}

/** Over REST, in the words of somebody who writes in the lane. */
async function askForReceipts({ lanes }: Pick<Cast, 'lanes'>): Promise<Truth['receipts']> {
  const asked = lanes.map(async ({ conversationId, senders, clients }) => {
    const readers = new Set(clients.map(({ actor }) => actor.id));
    const { receipts = [] } = await senders[0]!.rest.messages(conversationId, { limit: 1 });
    return receipts
      .filter(({ userId }) => readers.has(userId))
      .map((receipt) => ({ ...receipt, conversationId }));
  });
  return (await Promise.all(asked)).flat();
}

async function askAsLeavers({ leavers }: Pick<Cast, 'leavers'>): Promise<Truth['leavers']> {
  const isTaken = (rest: Rest): Promise<boolean> =>
    rest.connections().then(
      () => true,
      () => false,
    );
  return Promise.all(
    leavers.map(async ({ actor, connectedAt }) => {
      const taken = await Promise.all(actor.rests.map(isTaken));
      return { userId: actor.id, isAdmitted: taken.includes(true), connectedAt: connectedAt() };
    }),
  );
}

/** With no code of the product in between. */
async function askPostgres({
  stack,
  cast,
}: Pick<Field, 'stack' | 'cast'>): Promise<Omit<Truth, 'receipts' | 'leavers'>> {
  const { sql } = stack.database;
  const ids = cast.clients.map(({ actor }) => actor.id);
  const watched = cast.clients.flatMap(({ recorder }) => recorder.conversations);
  const [memberships, messages, presence, contacts] = await Promise.all([
    sql`
      SELECT m.user_id AS "userId", m.conversation_id AS "conversationId",
        c.last_seq::int AS "lastSeq", m.last_read_seq::int AS "lastReadSeq",
        m.unread_from_seq::int AS "unreadFromSeq"
      FROM members m JOIN conversations c ON c.id = m.conversation_id
      WHERE m.left_ev IS NULL AND m.user_id = ANY(${ids})`,
    sql`
      SELECT id, conversation_id AS "conversationId", client_id AS "clientId", ev::int, content, (
        SELECT coalesce(json_agg(each), '[]') FROM (
          SELECT emoji, count(*)::int FROM reactions WHERE message_id = id GROUP BY emoji) each
        ) AS reactions
      FROM messages WHERE conversation_id = ANY(${watched}::uuid[])`,
    sql`SELECT user_id AS "userId", status, version::int FROM presence`,
    sql`
      SELECT user_id AS "userId", contact_id AS "contactId" FROM contacts
      WHERE user_id = ANY(${ids})`,
  ]);
  return { memberships, messages, presence, contacts } as unknown as Omit<
    Truth,
    'receipts' | 'leavers'
  >;
}
