-- Optional first: 6000 rows of PROD have no value yet. The next migrations fill it and require it.
ALTER TABLE "reviews" ADD COLUMN "project_id" integer;
