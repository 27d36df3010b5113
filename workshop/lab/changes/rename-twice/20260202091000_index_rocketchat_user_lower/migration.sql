CREATE INDEX CONCURRENTLY "recruits_rocketchat_user_lower" ON "recruits" (lower("rocketchat_user"));
