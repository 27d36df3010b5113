-- Contract: nobody reads the old name any more. The view comes first, because it leans on the column. Each of its values
-- stands in the new one. The column's indexes go with it.
CREATE OR REPLACE VIEW "recruit_cards" AS
SELECT r."id", r."first_name" || ' ' || r."surname" AS "name", r."rocketchat_user" AS "chat", c."name" AS "cohort"
FROM "recruits" r JOIN "cohorts" c ON c."id" = r."cohort_id";

BEGIN;

DROP TRIGGER "keep_chat_names_equal" ON "recruits";

ALTER TABLE "recruits" DROP COLUMN "chat_name";

COMMIT;

DROP FUNCTION "keep_chat_names_equal"();
