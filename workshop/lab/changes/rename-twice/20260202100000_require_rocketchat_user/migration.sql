ALTER TABLE "recruits" ADD CONSTRAINT "recruits_rocketchat_user_is_there" CHECK ("rocketchat_user" IS NOT NULL) NOT VALID;

ALTER TABLE "recruits" VALIDATE CONSTRAINT "recruits_rocketchat_user_is_there";

ALTER TABLE "recruits" ALTER COLUMN "rocketchat_user" SET NOT NULL;

ALTER TABLE "recruits" DROP CONSTRAINT "recruits_rocketchat_user_is_there";
