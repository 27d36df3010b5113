CREATE INDEX CONCURRENTLY "recruits_rocketchat_user_idx" ON "recruits" ("rocketchat_user");
