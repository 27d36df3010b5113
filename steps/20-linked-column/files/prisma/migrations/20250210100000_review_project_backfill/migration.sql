-- 6000 rows of PROD had no value when this was written.
UPDATE "reviews" SET "project_id" = (SELECT e.project_id FROM submissions s JOIN enrolments e ON e.id = s.enrolment_id WHERE s.id = reviews.submission_id) WHERE "project_id" IS NULL;
