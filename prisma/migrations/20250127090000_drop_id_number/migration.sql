-- The rule for prod: nothing is deleted. So the values move out first, and this same migration drops the column.
-- BEGIN and COMMIT make one transaction of it: there is no moment at which the values are in neither place.
BEGIN;

-- Whoever writes a recruit now waits. Without this lock, an id number written between the copy and the drop would be lost.
LOCK TABLE "recruits" IN ACCESS EXCLUSIVE MODE;

CREATE SCHEMA IF NOT EXISTS "archive";

-- A dev database that was reset may still have its archive, hence the two IF NOT EXISTS.
CREATE TABLE IF NOT EXISTS "archive"."recruits" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "id_number" TEXT NOT NULL
);

INSERT INTO "archive"."recruits" ("id", "id_number")
SELECT "id", "id_number" FROM "recruits"
ON CONFLICT ("id") DO UPDATE SET "id_number" = EXCLUDED."id_number";

ALTER TABLE "recruits" DROP COLUMN "id_number";

COMMIT;
