-- Step 3 of 3: every row has an address now, so the column can be required.
-- PostgreSQL reads the whole table to make sure, and refuses if one value is missing.
ALTER TABLE "recruits" ALTER COLUMN "personal_email_address" SET NOT NULL;
