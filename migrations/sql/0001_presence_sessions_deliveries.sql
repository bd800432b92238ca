-- A heartbeat is not worth a WAL flush, hence UNLOGGED. One row per user with all sessions inside, so
-- that the aggregate is a function of one locked row: {sessionId: {"state": "active"|"idle", "until": epoch ms}}.
CREATE UNLOGGED TABLE "presence_sessions" (
  "user_id" text PRIMARY KEY,
  "sessions" jsonb NOT NULL DEFAULT '{}',
  "beat_at" timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70);
--> statement-breakpoint
-- What was delivered when, without its content. Old days are dropped, not deleted.
CREATE TABLE "deliveries" (
  "event_id" uuid NOT NULL,
  "shard" smallint NOT NULL,
  "conversation_id" uuid,
  "ev" bigint,
  "subject" text,
  "stream_offset" bigint,
  "stream_epoch" text,
  "attempts" integer NOT NULL,
  "worker" text NOT NULL,
  "committed_at" timestamptz NOT NULL,
  "acknowledged_at" timestamptz NOT NULL DEFAULT clock_timestamp()
) PARTITION BY RANGE ("acknowledged_at");
--> statement-breakpoint
CREATE INDEX "deliveries_event" ON "deliveries" ("event_id");
--> statement-breakpoint
CREATE INDEX "deliveries_conversation" ON "deliveries" ("conversation_id", "ev");
--> statement-breakpoint
CREATE INDEX "deliveries_acknowledged" ON "deliveries" ("acknowledged_at");
--> statement-breakpoint
CREATE TABLE "deliveries_default" PARTITION OF "deliveries" DEFAULT;
--> statement-breakpoint
-- As many rows as core/outbox/shards.ts says; changing the number is a procedure with an empty outbox.
INSERT INTO "shards" ("shard") SELECT generate_series(0, 7);
--> statement-breakpoint
INSERT INTO "delivery_epoch" DEFAULT VALUES;
--> statement-breakpoint
-- The outbox lives on short rows that come and go: vacuum it by count, not by a share of its size.
ALTER TABLE "outbox" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
