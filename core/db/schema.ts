import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/*
 * `presence_sessions` (UNLOGGED) and `deliveries` (partitioned by day) cannot be said in this
 * language; migrations/sql/0001_presence_sessions_deliveries.sql makes them.
 */

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
const count = (name: string) => bigint(name, { mode: 'number' });
const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });
const now = sql`clock_timestamp()`;

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

/** Changes only when the aggregate over a user's sessions changes, together with its outbox row. */
export const presence = pgTable(
  'presence',
  {
    userId: text('user_id')
      .primaryKey()
      .references(() => users.id),
    status: text().notNull(),
    lastSeenAt: moment('last_seen_at'),
    version: count('version').notNull().default(0),
  },
  (t) => [
    index('presence_here')
      .on(t.userId)
      .where(sql`status <> 'offline'`),
    check('presence_status', sql`${t.status} IN ('online', 'away', 'offline')`),
  ],
);

/** What an event is, in the outbox and, word for word, among the dead letters. */
const event = () => ({
  shard: smallint().notNull(),
  kind: text().notNull(),
  conversationId: uuid('conversation_id'),
  ev: count('ev'),
  /** The user whom a presence event, a control event or an audience of one is about. */
  subject: text(),
  eventId: uuid('event_id').notNull(),
  epoch: text().notNull(),
  payload: text(),
  audience: text(),
  audiencePayload: text('audience_payload'),
  traceparent: text(),
});

/**
 * One row is one event, with up to two announcements: `payload` to the conversation's channel,
 * numbered by `ev`, and `audience_payload` to the `chat:*` channels of an audience that is looked up at
 * delivery. Channel names are not stored: whatever has a payload goes to its conversation, so a version
 * can never reach a `chat:*` channel. Nothing here is ever updated.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: count('id').primaryKey().generatedAlwaysAsIdentity(),
    ...event(),
    createdAt: moment('created_at').notNull().default(now),
  },
  (t) => [
    index('outbox_shard').on(t.shard, t.id),
    check('outbox_kind', sql`${t.kind} IN ('event', 'unsubscribe')`),
    check(
      'outbox_payload_is_numbered',
      sql`${t.payload} IS NULL OR (${t.conversationId} IS NOT NULL AND ${t.ev} IS NOT NULL)`,
    ),
    check('outbox_audience', sql`${t.audience} IN ('members', 'contacts', 'subject')`),
    check(
      'outbox_audience_has_payload',
      sql`(${t.audience} IS NULL) = (${t.audiencePayload} IS NULL)`,
    ),
    check(
      'outbox_says_something',
      sql`${t.kind} <> 'event' OR ${t.payload} IS NOT NULL OR ${t.audiencePayload} IS NOT NULL`,
    ),
    check(
      'outbox_subject',
      sql`${t.subject} IS NOT NULL OR (${t.kind} = 'event' AND ${t.audience} = 'members')`,
    ),
    // Far below the 1 MiB at which Centrifugo cuts every subscriber of a channel.
    check(
      'outbox_payload_fits',
      sql`octet_length(${t.payload}) <= 262144 AND octet_length(${t.audiencePayload}) <= 65536`,
    ),
  ],
);

/**
 * How each shard is doing.
 *
 * `holder` is the drain that has pages of it under way; whoever takes the shard and finds another's name there
 * knows that it did not come to an end. `ambiguous_through`: rows up to this id may have been stored unheard.
 * Nothing undelivered lies at or below `floor`: scans begin there and pass over what is dead and cannot be
 * vacuumed yet. `floor_next` becomes the floor once every transaction before `floor_gate` has ended.
 */
export const shards = pgTable('shards', {
  shard: smallint().primaryKey(),
  paused: boolean().notNull().default(false),
  held: text(),
  failures: integer().notNull().default(0),
  holder: text(),
  ambiguousThrough: count('ambiguous_through'),
  floor: count('floor').notNull().default(0),
  floorNext: count('floor_next'),
  floorGate: transactionId('floor_gate'),
  worker: text(),
  progressedAt: moment('progressed_at'),
  lastError: text('last_error'),
});

export const deadLetters = pgTable(
  'dead_letters',
  {
    outboxId: count('outbox_id').primaryKey(),
    ...event(),
    createdAt: moment('created_at').notNull(),
    code: integer(),
    reason: text().notNull(),
    attempts: integer().notNull(),
    /** The users of the audience whom alone it did not reach; null for a row that reached nobody. */
    users: jsonb(),
    diedAt: moment('died_at').notNull().default(now),
    /** What an operator made of it; null while it waits for one. */
    closedBy: count('closed_by').references(() => operatorActions.id),
  },
  (t) => [
    index('dead_letters_conversation').on(t.conversationId, t.ev),
    index('dead_letters_open')
      .on(t.diedAt)
      .where(sql`closed_by IS NULL`),
  ],
);

/** Who among the operators did what to delivery, and why. Written in the transaction of the deed. */
export const operatorActions = pgTable(
  'operator_actions',
  {
    id: count('id').primaryKey().generatedAlwaysAsIdentity(),
    at: moment('at').notNull().default(now),
    operator: text().notNull(),
    action: text().notNull(),
    reason: text().notNull(),
    /** What it was done to, as it was asked for. */
    target: jsonb().notNull(),
    /** What came of it, in numbers. */
    outcome: jsonb(),
  },
  (t) => [index('operator_actions_at').on(t.at)],
);

/** The third part of the delivery epoch; `generation` grows when operators say that data was restored. */
export const deliveryEpoch = pgTable(
  'delivery_epoch',
  {
    only: boolean().primaryKey().default(true),
    generation: integer().notNull().default(0),
  },
  (t) => [check('delivery_epoch_one_row', sql`${t.only}`)],
);
