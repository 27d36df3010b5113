-- Alone in its file: an index that is built concurrently can be part of no transaction.
CREATE UNIQUE INDEX CONCURRENTLY "recruits_handle_key" ON "recruits" ("handle");
