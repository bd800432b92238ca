CREATE TABLE "reactions" (
	"message_id" uuid NOT NULL,
	"emoji" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "reactions_message_id_emoji_user_id_pk" PRIMARY KEY("message_id","emoji","user_id")
);
--> statement-breakpoint
CREATE TABLE "revocations" (
	"conversation_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	CONSTRAINT "revocations_conversation_id_user_id_pk" PRIMARY KEY("conversation_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_kind";--> statement-breakpoint
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_payload_is_numbered";--> statement-breakpoint
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_says_something";--> statement-breakpoint
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_subject";--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "last_delivered_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "unread_from_seq" bigint;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "edited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "deleted_by" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "sent_ev" bigint;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "ev" bigint;--> statement-breakpoint
-- At least the number that each was sent by, and no two alike: whoever missed an event is told of all that came after it.
UPDATE messages SET ev = c.ev - c.last_seq + seq FROM conversations c WHERE c.id = messages.conversation_id;--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "ev" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "presence" ADD COLUMN "changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "signed_out_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "banned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revocations" ADD CONSTRAINT "revocations_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revocations" ADD CONSTRAINT "revocations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "revocations_due_at" ON "revocations" USING btree ("due_at");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_deleted_by_users_id_fk" FOREIGN KEY ("deleted_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "members_left_by_user" ON "members" USING btree ("user_id","changed_xid") WHERE left_ev IS NOT NULL;--> statement-breakpoint
CREATE INDEX "members_joined" ON "members" USING btree ("conversation_id","joined_seq") WHERE left_ev IS NULL;--> statement-breakpoint
CREATE INDEX "messages_changed" ON "messages" USING btree ("conversation_id","ev");--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_kind" CHECK ("outbox"."kind" IN ('event', 'receipt', 'unsubscribe', 'disconnect', 'history_remove'));--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_payload_is_numbered" CHECK ("outbox"."payload" IS NULL OR ("outbox"."conversation_id" IS NOT NULL
        AND ("outbox"."ev" IS NULL) = ("outbox"."kind" = 'receipt')));--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_says_something" CHECK ("outbox"."kind" NOT IN ('event', 'receipt') OR "outbox"."payload" IS NOT NULL
        OR "outbox"."audience_payload" IS NOT NULL);--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_subject" CHECK ("outbox"."subject" IS NOT NULL OR ("outbox"."conversation_id" IS NOT NULL
        AND ("outbox"."kind" = 'history_remove' OR coalesce("outbox"."audience", 'nobody') IN ('members', 'nobody'))));