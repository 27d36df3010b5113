-- The check holds for new rows at once. Old rows are looked at while the application goes on. Then PostgreSQL knows that
-- no row is empty, and SET NOT NULL has nothing to read.
ALTER TABLE "recruits" ADD CONSTRAINT "recruits_handle_is_there" CHECK ("handle" IS NOT NULL) NOT VALID;

ALTER TABLE "recruits" VALIDATE CONSTRAINT "recruits_handle_is_there";

ALTER TABLE "recruits" ALTER COLUMN "handle" SET NOT NULL;

ALTER TABLE "recruits" DROP CONSTRAINT "recruits_handle_is_there";
