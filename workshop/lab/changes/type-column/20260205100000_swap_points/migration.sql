-- Names change places in one transaction, which takes a moment: both versions of the application go on with "points".
BEGIN;

DROP TRIGGER "copy_points" ON "recruits";

ALTER TABLE "recruits" ALTER COLUMN "points" DROP NOT NULL;

ALTER TABLE "recruits" ALTER COLUMN "points" DROP DEFAULT;

ALTER TABLE "recruits" RENAME COLUMN "points" TO "points_int";

ALTER TABLE "recruits" RENAME COLUMN "points_big" TO "points";

ALTER TABLE "recruits" ALTER COLUMN "points" SET DEFAULT 0;

COMMIT;

DROP FUNCTION "copy_points"();
