ALTER TABLE "recruits" ADD COLUMN "nickname" TEXT;
