-- Indexes over a part of the rows and over an expression, a check, and a view: no model says these.
CREATE INDEX "recruits_active" ON "recruits" ("cohort_id") WHERE "status" = 'active';

CREATE INDEX "recruits_chat_name_lower" ON "recruits" (lower("chat_name"));

ALTER TABLE "quiz_attempts" ADD CONSTRAINT "quiz_attempts_score" CHECK ("score" BETWEEN 0 AND 100);

CREATE VIEW "recruit_cards" AS
SELECT r."id", r."first_name" || ' ' || r."surname" AS "name", r."chat_name" AS "chat", c."name" AS "cohort"
FROM "recruits" r JOIN "cohorts" c ON c."id" = r."cohort_id";
