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

import { bytea, count, moment, now, transactionId } from './columns.ts';

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
  /** Tokens issued before are refused: the user has signed out everywhere. */
  signedOutAt: moment('signed_out_at'),
  /** Refused until an operator says otherwise. */
  bannedAt: moment('banned_at'),
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

/** The transaction that changed a row last, for the cursor of a sync; kept by a trigger (core/db/changed-xid.sql). */
const changedXid = () =>
  transactionId('changed_xid')
    .notNull()
    .default(sql`pg_current_xact_id()`);

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
    changedXid: changedXid(),
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
    /** How far the user has read; others see it as a receipt, and it never goes back. */
    lastReadSeq: count('last_read_seq').notNull(),
    /** How far messages have reached a device of theirs. Reading implies it. */
    lastDeliveredSeq: count('last_delivered_seq').notNull().default(0),
    /** Marked as unread from this message on, for the user's own eyes alone. */
    unreadFromSeq: count('unread_from_seq'),
    joinedAt: moment('joined_at').notNull().default(now),
    changedXid: changedXid(),
  },
  (t) => [
    primaryKey({ columns: [t.conversationId, t.userId, t.joinedEv] }),
    uniqueIndex('members_present')
      .on(t.conversationId, t.userId)
      .where(sql`left_ev IS NULL`),
    index('members_of_user')
      .on(t.userId)
      .where(sql`left_ev IS NULL`),
    // What somebody lost since a sync.
    index('members_left_by_user')
      .on(t.userId, t.changedXid)
      .where(sql`left_ev IS NOT NULL`),
    // Whether somebody is there who may not read an older message.
    index('members_joined')
      .on(t.conversationId, t.joinedSeq)
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
    editedAt: moment('edited_at'),
    /** A tombstone since then: it keeps its number and has lost what it said. */
    deletedAt: moment('deleted_at'),
    deletedBy: text('deleted_by').references(() => users.id),
    /** The event by which it was sent; null for messages from before this was kept. */
    sentEv: count('sent_ev'),
    /** The event that changed it last. */
    ev: count('ev').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.conversationId, t.seq] }),
    // What changed since an event, for whoever missed some.
    index('messages_changed').on(t.conversationId, t.ev),
    unique('messages_client_id').on(t.conversationId, t.senderId, t.clientId),
    foreignKey({ columns: [t.replyToId], foreignColumns: [t.id] }),
    index('messages_uncounted')
      .on(t.conversationId, t.seq)
      .where(sql`deleted_at IS NOT NULL OR type = 'system'`),
    check('messages_type', sql`${t.type} IN ('text', 'system', 'custom')`),
  ],
);

export const reactions = pgTable(
  'reactions',
  {
    messageId: uuid('message_id')
      .notNull()
      .references(() => messages.id),
    emoji: text().notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: moment('created_at').notNull().default(now),
  },
  (t) => [primaryKey({ columns: [t.messageId, t.emoji, t.userId] })],
);

/**
 * Who lost a conversation a moment ago and is unsubscribed from it once more at `due_at`: until then a token from
 * before may have brought them back.
 */
export const revocations = pgTable(
  'revocations',
  {
    conversationId: uuid('conversation_id')
      .notNull()
      .references(() => conversations.id),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    dueAt: moment('due_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.conversationId, t.userId] }),
    index('revocations_due_at').on(t.dueAt),
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
    changedXid: changedXid(),
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
