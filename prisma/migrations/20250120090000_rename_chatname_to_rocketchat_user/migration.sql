-- Prisma cannot see that a field was renamed: it would write DROP COLUMN and ADD COLUMN, and lose every value.
-- RENAME COLUMN changes the name alone. No value moves.
ALTER TABLE "recruits" RENAME COLUMN "chatname" TO "rocketchat_user";
