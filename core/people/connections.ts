import { Connection } from '@rov/realtime';
import { and, eq, inArray, or } from 'drizzle-orm';
import * as z from 'zod';

import type { Orm, Sql } from '../db/database.ts';
import { contacts, users } from '../db/schema.ts';

/** Two people become connected, both ways, and see each other's presence. A repeat changes nothing. */
export async function connect(
  orm: Orm,
  pair: { userId: string; otherId: string },
): Promise<'connected' | 'already' | 'unknown_user'> {
  const known = await orm
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.id, [pair.userId, pair.otherId]));
  if (known.length < 2) return 'unknown_user';
  const made = await orm
    .insert(contacts)
    // In one order, whoever of the two asks: at once they would wait for each other otherwise.
    .values(
      [
        { userId: pair.userId, contactId: pair.otherId },
        { userId: pair.otherId, contactId: pair.userId },
      ].toSorted((one, other) => (one.userId < other.userId ? -1 : 1)),
    )
    .onConflictDoNothing()
    .returning({ userId: contacts.userId });
  return made.length > 0 ? 'connected' : 'already';
}

export async function disconnect(
  orm: Orm,
  pair: { userId: string; otherId: string },
): Promise<void> {
  const side = (userId: string, contactId: string) =>
    and(eq(contacts.userId, userId), eq(contacts.contactId, contactId));
  await orm
    .delete(contacts)
    .where(or(side(pair.userId, pair.otherId), side(pair.otherId, pair.userId)));
}

/** A user's connections with their presence, by user id, behind `cursor`; with `otherId` only that one. */
export async function listConnections(
  sql: Sql,
  asked: {
    userId: string;
    otherId?: string | undefined;
    cursor?: string | undefined;
    limit: number;
  },
): Promise<Connection[]> {
  const rows = await sql`
    SELECT profile_json(u) AS profile, presence_json(u.id) AS presence
    FROM contacts c JOIN users u ON u.id = c.contact_id
    WHERE c.user_id = ${asked.userId} AND c.contact_id > ${asked.cursor ?? ''}
      ${asked.otherId === undefined ? sql`` : sql`AND c.contact_id = ${asked.otherId}`}
    ORDER BY c.contact_id LIMIT ${asked.limit}`;
  return z.array(Connection).parse(rows);
}
