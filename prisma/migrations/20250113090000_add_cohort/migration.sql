-- Prisma commits each statement by itself. Between BEGIN and COMMIT they take hold together, or not at all.
BEGIN;

-- Everyone who is in the table belongs to the C25, so one constant is right for all of them.
-- PostgreSQL keeps a constant default beside the table and does not rewrite the rows: fast on big tables too.
ALTER TABLE "recruits" ADD COLUMN "cohort" TEXT NOT NULL DEFAULT 'C25 Data Eng';

-- The default was for the rows that were there. Whoever adds a recruit from now on must say which cohort.
-- The values stay: a dropped default changes no row.
ALTER TABLE "recruits" ALTER COLUMN "cohort" DROP DEFAULT;

COMMIT;
