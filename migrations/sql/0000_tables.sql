CREATE TABLE "contacts" (
	"user_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "contacts_user_id_contact_id_pk" PRIMARY KEY("user_id","contact_id"),
	CONSTRAINT "contacts_not_oneself" CHECK ("contacts"."user_id" <> "contacts"."contact_id")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"direct_key" text,
	"title" text,
	"image" text,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"ev" bigint DEFAULT 0 NOT NULL,
	"shard" smallint NOT NULL,
	"created_by" text NOT NULL,
	"client_id" text,
	"fingerprint" "bytea",
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"last_active_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "conversations_direct_key_unique" UNIQUE("direct_key"),
	CONSTRAINT "conversations_client_id" UNIQUE("created_by","client_id"),
	CONSTRAINT "conversations_kind" CHECK ("conversations"."kind" IN ('direct', 'group')),
	CONSTRAINT "conversations_direct_key" CHECK (("conversations"."kind" = 'direct') = ("conversations"."direct_key" IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"outbox_id" bigint PRIMARY KEY NOT NULL,
	"shard" smallint NOT NULL,
	"kind" text NOT NULL,
	"conversation_id" uuid,
	"ev" bigint,
	"subject" text,
	"event_id" uuid NOT NULL,
	"epoch" text NOT NULL,
	"payload" text,
	"audience" text,
	"audience_payload" text,
	"traceparent" text,
	"created_at" timestamp with time zone NOT NULL,
	"code" integer,
	"reason" text NOT NULL,
	"attempts" integer NOT NULL,
	"died_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery_epoch" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "delivery_epoch_one_row" CHECK ("delivery_epoch"."only")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"conversation_id" uuid NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"joined_seq" bigint NOT NULL,
	"left_seq" bigint,
	"joined_ev" bigint NOT NULL,
	"left_ev" bigint,
	"last_read_seq" bigint NOT NULL,
	"joined_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "members_conversation_id_user_id_joined_ev_pk" PRIMARY KEY("conversation_id","user_id","joined_ev"),
	CONSTRAINT "members_role" CHECK ("members"."role" IN ('owner', 'admin', 'member')),
	CONSTRAINT "members_left_together" CHECK (("members"."left_ev" IS NULL) = ("members"."left_seq" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"conversation_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"id" uuid NOT NULL,
	"sender_id" text NOT NULL,
	"client_id" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"type" text NOT NULL,
	"content" text NOT NULL,
	"metadata" jsonb,
	"reply_to_id" uuid,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "messages_conversation_id_seq_pk" PRIMARY KEY("conversation_id","seq"),
	CONSTRAINT "messages_id_unique" UNIQUE("id"),
	CONSTRAINT "messages_client_id" UNIQUE("conversation_id","sender_id","client_id"),
	CONSTRAINT "messages_type" CHECK ("messages"."type" IN ('text', 'system', 'custom'))
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"shard" smallint NOT NULL,
	"kind" text NOT NULL,
	"conversation_id" uuid,
	"ev" bigint,
	"subject" text,
	"event_id" uuid NOT NULL,
	"epoch" text NOT NULL,
	"payload" text,
	"audience" text,
	"audience_payload" text,
	"traceparent" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "outbox_kind" CHECK ("outbox"."kind" IN ('event', 'unsubscribe')),
	CONSTRAINT "outbox_payload_is_numbered" CHECK ("outbox"."payload" IS NULL OR ("outbox"."conversation_id" IS NOT NULL AND "outbox"."ev" IS NOT NULL)),
	CONSTRAINT "outbox_audience" CHECK ("outbox"."audience" IN ('members', 'contacts', 'subject')),
	CONSTRAINT "outbox_audience_has_payload" CHECK (("outbox"."audience" IS NULL) = ("outbox"."audience_payload" IS NULL)),
	CONSTRAINT "outbox_says_something" CHECK ("outbox"."kind" <> 'event' OR "outbox"."payload" IS NOT NULL OR "outbox"."audience_payload" IS NOT NULL),
	CONSTRAINT "outbox_subject" CHECK ("outbox"."subject" IS NOT NULL OR ("outbox"."kind" = 'event' AND "outbox"."audience" = 'members')),
	CONSTRAINT "outbox_payload_fits" CHECK (octet_length("outbox"."payload") <= 262144 AND octet_length("outbox"."audience_payload") <= 65536)
);
--> statement-breakpoint
CREATE TABLE "presence" (
	"user_id" text PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"last_seen_at" timestamp with time zone,
	"version" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "presence_status" CHECK ("presence"."status" IN ('online', 'away', 'offline'))
);
--> statement-breakpoint
CREATE TABLE "shards" (
	"shard" smallint PRIMARY KEY NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"held" text,
	"failures" integer DEFAULT 0 NOT NULL,
	"ambiguous_through" bigint,
	"worker" text,
	"progressed_at" timestamp with time zone,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"username" text,
	"image" text,
	"shard" smallint NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_contact_id_users_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_sender_id_users_id_fk" FOREIGN KEY ("sender_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_reply_to_id_messages_id_fk" FOREIGN KEY ("reply_to_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "presence" ADD CONSTRAINT "presence_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contacts_contact" ON "contacts" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "dead_letters_conversation" ON "dead_letters" USING btree ("conversation_id","ev");--> statement-breakpoint
CREATE UNIQUE INDEX "members_present" ON "members" USING btree ("conversation_id","user_id") WHERE left_ev IS NULL;--> statement-breakpoint
CREATE INDEX "members_of_user" ON "members" USING btree ("user_id") WHERE left_ev IS NULL;--> statement-breakpoint
CREATE INDEX "messages_uncounted" ON "messages" USING btree ("conversation_id","seq") WHERE deleted_at IS NOT NULL OR type = 'system';--> statement-breakpoint
CREATE INDEX "outbox_shard" ON "outbox" USING btree ("shard","id");--> statement-breakpoint
CREATE INDEX "presence_here" ON "presence" USING btree ("user_id") WHERE status <> 'offline';