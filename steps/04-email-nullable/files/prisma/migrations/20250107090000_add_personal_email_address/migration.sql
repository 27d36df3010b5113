-- Step 1 of 3 towards a required, unique column: the column, still optional, and its index. Both or none.
BEGIN;

-- The recruits who are in the table have no address yet, so NOT NULL would fail here.
ALTER TABLE "recruits" ADD COLUMN "personal_email_address" TEXT;

-- A unique index lets any number of rows be NULL: NULL is equal to nothing, not even to NULL.
-- (CREATE UNIQUE INDEX … NULLS NOT DISTINCT would let one row be NULL, and no more.)
CREATE UNIQUE INDEX "recruits_personal_email_address_key" ON "recruits"("personal_email_address");

COMMIT;
