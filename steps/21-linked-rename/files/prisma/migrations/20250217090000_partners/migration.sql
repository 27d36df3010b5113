-- A name is all that changes. The view "offer_cards" follows by itself: inside of it, PostgreSQL keeps numbers, not names.
BEGIN;

ALTER TABLE "companies" RENAME TO "partners";

ALTER TABLE "offers" RENAME COLUMN "company_id" TO "partner_id";

ALTER TABLE "offers" RENAME CONSTRAINT "offers_company_id_fkey" TO "offers_partner_id_fkey";

ALTER INDEX "offers_company_id_idx" RENAME TO "offers_partner_id_idx";

ALTER TABLE "partners" RENAME CONSTRAINT "companies_pkey" TO "partners_pkey";

COMMIT;
