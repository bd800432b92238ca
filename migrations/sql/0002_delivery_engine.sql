CREATE TABLE "operator_actions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "operator_actions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"operator" text NOT NULL,
	"action" text NOT NULL,
	"reason" text NOT NULL,
	"target" jsonb NOT NULL,
	"outcome" jsonb
);
--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "member_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "users" jsonb;--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "closed_by" bigint;--> statement-breakpoint
ALTER TABLE "delivery_epoch" ALTER COLUMN "generation" SET DATA TYPE bigint;--> statement-breakpoint
ALTER TABLE "shards" ADD COLUMN "holder" text;--> statement-breakpoint
ALTER TABLE "shards" ADD COLUMN "floor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "shards" ADD COLUMN "floor_next" bigint;--> statement-breakpoint
ALTER TABLE "shards" ADD COLUMN "floor_gate" "xid8";--> statement-breakpoint
CREATE INDEX "operator_actions_at" ON "operator_actions" USING btree ("at");--> statement-breakpoint
ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_closed_by_operator_actions_id_fk" FOREIGN KEY ("closed_by") REFERENCES "public"."operator_actions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dead_letters_open" ON "dead_letters" USING btree ("died_at") WHERE closed_by IS NULL;--> statement-breakpoint
UPDATE "conversations" c SET "member_count" = (
  SELECT count(*) FROM "members" m WHERE m."conversation_id" = c."id" AND m."left_ev" IS NULL);--> statement-breakpoint
-- Acknowledged, and heard by nobody: something newer of its conversation had come before it. A resync followed.
ALTER TABLE "deliveries" ADD COLUMN "superseded" boolean NOT NULL DEFAULT false;
--> statement-breakpoint
-- The floor of a shard (core/outbox/settle.sql) relies on it: whoever takes an id has a transaction id already.
CREATE FUNCTION begin_before_the_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_current_xact_id();
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "outbox_begin_before_the_id" BEFORE INSERT ON "outbox"
FOR EACH STATEMENT EXECUTE FUNCTION begin_before_the_id();
