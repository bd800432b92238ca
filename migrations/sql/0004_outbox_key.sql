ALTER TABLE "outbox" DROP CONSTRAINT "outbox_pkey";--> statement-breakpoint
DROP INDEX "outbox_shard";--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_shard_id" PRIMARY KEY("shard","id");
