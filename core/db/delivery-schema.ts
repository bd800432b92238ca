import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core';

import { count, moment, now, transactionId } from './columns.ts';

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
    id: count('id').notNull().generatedAlwaysAsIdentity(),
    ...event(),
    createdAt: moment('created_at').notNull().default(now),
  },
  (t) => [
    // The one order anybody reads it in. A second index would cost each event as much again, and planners choose it.
    primaryKey({ name: 'outbox_shard_id', columns: [t.shard, t.id] }),
    check(
      'outbox_kind',
      sql`${t.kind} IN ('event', 'receipt', 'unsubscribe', 'disconnect', 'history_remove')`,
    ),
    // A receipt stays out of the history and has no number there.
    check(
      'outbox_payload_is_numbered',
      sql`${t.payload} IS NULL OR (${t.conversationId} IS NOT NULL
        AND (${t.ev} IS NULL) = (${t.kind} = 'receipt'))`,
    ),
    check('outbox_audience', sql`${t.audience} IN ('members', 'contacts', 'subject')`),
    check(
      'outbox_audience_has_payload',
      sql`(${t.audience} IS NULL) = (${t.audiencePayload} IS NULL)`,
    ),
    check(
      'outbox_says_something',
      sql`${t.kind} NOT IN ('event', 'receipt') OR ${t.payload} IS NOT NULL
        OR ${t.audiencePayload} IS NOT NULL`,
    ),
    check(
      'outbox_subject',
      sql`${t.subject} IS NOT NULL OR (${t.conversationId} IS NOT NULL
        AND (${t.kind} = 'history_remove' OR coalesce(${t.audience}, 'nobody') IN ('members', 'nobody')))`,
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

/**
 * What is announced once more, because hearing was in doubt. `lane`: a conversation's id, or a user's whose presence it
 * was about.
 */
export const doubts = pgTable(
  'doubts',
  {
    lane: text().primaryKey(),
    isUser: boolean('is_user').notNull(),
    fromSeq: count('from_seq'),
    againAt: moment('again_at').notNull(),
  },
  (t) => [index('doubts_again_at').on(t.againAt)],
);

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
    generation: count('generation').notNull().default(0),
  },
  (t) => [check('delivery_epoch_one_row', sql`${t.only}`)],
);
