CREATE INDEX CONCURRENTLY "recruits_surname_first_name_idx" ON "recruits" ("surname", "first_name");
