ALTER TABLE "recruits" ADD CONSTRAINT "recruits_points_big_is_there" CHECK ("points_big" IS NOT NULL) NOT VALID;

ALTER TABLE "recruits" VALIDATE CONSTRAINT "recruits_points_big_is_there";

ALTER TABLE "recruits" ALTER COLUMN "points_big" SET NOT NULL;

ALTER TABLE "recruits" DROP CONSTRAINT "recruits_points_big_is_there";
