-- All in one transaction, so that it is whole or not at all. Its first statement locks the table, and the lock is held
-- until the last one has ended.
BEGIN;

ALTER TABLE "recruits" ADD COLUMN "handle" TEXT;

UPDATE "recruits" SET "handle" = lower("first_name") || '.' || "id";

ALTER TABLE "recruits" ALTER COLUMN "handle" SET NOT NULL;

CREATE UNIQUE INDEX "recruits_handle_key" ON "recruits" ("handle");

COMMIT;
