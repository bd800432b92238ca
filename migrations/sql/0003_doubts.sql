CREATE TABLE "doubts" (
	"lane" text PRIMARY KEY NOT NULL,
	"is_user" boolean NOT NULL,
	"from_seq" bigint,
	"again_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "doubts_again_at" ON "doubts" USING btree ("again_at");