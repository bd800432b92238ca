ALTER TABLE "presence" ADD COLUMN "chosen" text DEFAULT 'auto' NOT NULL;--> statement-breakpoint
ALTER TABLE "presence" ADD COLUMN "announced_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "presence" ADD COLUMN "announce_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "presence_announce_at" ON "presence" USING btree ("announce_at") WHERE announce_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE "presence" ADD CONSTRAINT "presence_chosen" CHECK ("presence"."chosen" IN ('auto', 'away', 'invisible'));