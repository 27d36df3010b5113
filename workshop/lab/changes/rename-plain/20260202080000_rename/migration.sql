ALTER TABLE "recruits" RENAME COLUMN "chat_name" TO "rocketchat_user";
