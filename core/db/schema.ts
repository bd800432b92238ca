import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

import { bytea, count, moment, now } from './columns.ts';

/*
 * `presence_sessions` (UNLOGGED) and `deliveries` (partitioned by day) cannot be said in this
 * language; migrations/sql/0001_presence_sessions_deliveries.sql makes them.
 */

/** Whoever has shown a token: upserted from its claims. `shard` orders the events of their presence. */
export const users = pgTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  username: text(),
  image: text(),
  shard: smallint().notNull(),
  createdAt: moment('created_at').notNull().default(now),
  updatedAt: moment('updated_at').notNull().default(now),
});

/** People who see each other's presence. Always two rows, one for each side. */
export const contacts = pgTable(
  'contacts',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    contactId: text('contact_id')
      .notNull()
      .references(() => users.id),
    createdAt: moment('created_at').notNull().default(now),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.contactId] }),
    index('contacts_contact').on(t.contactId),
    check('contacts_not_oneself', sql`${t.userId} <> ${t.contactId}`),
  ],
);

/**
 * `last_seq` numbers messages, `ev` numbers every durable event; both from 1, without holes, given out
 * under the lock of this row.
 */
export const conversations = pgTable(
  'conversations',
  {
    id: uuid().primaryKey(),
    kind: text().notNull(),
    directKey: text('direct_key').unique(),
    title: text(),
    image: text(),
    lastSeq: count('last_seq').notNull().default(0),
    ev: count('ev').notNull().default(0),
    /** Who is in it now. Bounds the work that one event makes for delivery, before its audience is looked up. */
    memberCount: integer('member_count').notNull().default(0),
    shard: smallint().notNull(),
    createdBy: text('created_by')
      .notNull()
      .references(() => users.id),
    clientId: text('client_id'),
    fingerprint: bytea(),
    createdAt: moment('created_at').notNull().default(now),
    lastActiveAt: moment('last_active_at').notNull().default(now),
  },
  (t) => [
    unique('conversations_client_id').on(t.createdBy, t.clientId),
    check('conversations_kind', sql`${t.kind} IN ('direct', 'group')`),
    check('conversations_direct_key', sql`(${t.kind} = 'direct') = (${t.directKey} IS NOT NULL)`),
  ],
);

/**
 * A membership is an interval: of `ev` (who hears, `joined_ev` ≤ ev < `left_ev`) and of `seq` (what may
 * be read, `joined_seq` ≤ seq ≤ `left_seq`). Whoever comes back gets a new row; earlier ones stay.
 */
export const members = pgTable(
  'members',
  {
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    role: text().notNull(),
    joinedSeq: count('joined_seq').notNull(),
    leftSeq: count('left_seq'),
    joinedEv: count('joined_ev').notNull(),
    leftEv: count('left_ev'),
    lastReadSeq: count('last_read_seq').notNull(),
    joinedAt: moment('joined_at').notNull().default(now),
  },
  (t) => [
    primaryKey({ columns: [t.conversationId, t.userId, t.joinedEv] }),
    uniqueIndex('members_present')
      .on(t.conversationId, t.userId)
      .where(sql`left_ev IS NULL`),
    index('members_of_user')
      .on(t.userId)
      .where(sql`left_ev IS NULL`),
    check('members_role', sql`${t.role} IN ('owner', 'admin', 'member')`),
    check('members_left_together', sql`(${t.leftEv} IS NULL) = (${t.leftSeq} IS NULL)`),
  ],
);

export const messages = pgTable(
  'messages',
  {
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id),
    seq: count('seq').notNull(),
    id: uuid().notNull().unique(),
    senderId: text('sender_id')
      .notNull()
      .references(() => users.id),
    clientId: text('client_id').notNull(),
    /** Of the first request, so that a repeat with other content is told from a replay for ever. */
    fingerprint: bytea().notNull(),
    type: text().notNull(),
    content: text().notNull(),
    metadata: jsonb(),
    replyToId: uuid('reply_to_id'),
    revision: integer().notNull().default(1),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    primaryKey({ columns: [t.conversationId, t.seq] }),
    unique('messages_client_id').on(t.conversationId, t.senderId, t.clientId),
    foreignKey({ columns: [t.replyToId], foreignColumns: [t.id] }),
    index('messages_uncounted')
      .on(t.conversationId, t.seq)
      .where(sql`deleted_at IS NOT NULL OR type = 'system'`),
    check('messages_type', sql`${t.type} IN ('text', 'system', 'custom')`),
  ],
);

/**
 * `status` is what others see: the aggregate over a user's sessions, under what the user has `chosen` to show. It changes
 * together with its outbox row, or, where the last one (`announced_at`) is a moment old, with the time at which the state
 * of then will be announced (`announce_at`).
 */
export const presence = pgTable(
  'presence',
  {
    userId: text('user_id')
      .primaryKey()
      .references(() => users.id),
    status: text().notNull(),
    lastSeenAt: moment('last_seen_at'),
    version: count('version').notNull().default(0),
    chosen: text().notNull().default('auto'),
    announcedAt: moment('announced_at'),
    announceAt: moment('announce_at'),
  },
  (t) => [
    index('presence_here')
      .on(t.userId)
      .where(sql`status <> 'offline'`),
    index('presence_announce_at')
      .on(t.announceAt)
      .where(sql`announce_at IS NOT NULL`),
    check('presence_chosen', sql`${t.chosen} IN ('auto', 'away', 'invisible')`),
    check('presence_status', sql`${t.status} IN ('online', 'away', 'offline')`),
  ],
);
