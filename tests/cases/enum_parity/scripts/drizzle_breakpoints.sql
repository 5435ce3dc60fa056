DO $$ BEGIN
 CREATE TYPE "public"."role" AS ENUM('admin', 'user');
EXCEPTION
 WHEN duplicate_object THEN null;
END $$;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "users" (
	"id" serial PRIMARY KEY NOT NULL,
	"role" "role" DEFAULT 'user' NOT NULL,
	CONSTRAINT "users_id_check" CHECK ("users"."id" > 0),
	CONSTRAINT "users_kind" CHECK ("users"."role" in ('admin'))
);
--> statement-breakpoint
ALTER TYPE "public"."role" ADD VALUE 'guest' BEFORE 'user';--> statement-breakpoint
ALTER TYPE "role" ADD VALUE IF NOT EXISTS 'guest';
