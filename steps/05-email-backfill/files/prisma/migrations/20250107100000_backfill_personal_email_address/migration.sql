-- Step 2 of 3: the backfill. Nobody has given us these addresses, so each row gets a placeholder.
-- It is built from the id, which no two rows share. Mail to example.com reaches nobody.
UPDATE "recruits"
SET "personal_email_address" = 'recruit-' || "id" || '@example.com'
WHERE "personal_email_address" IS NULL;
