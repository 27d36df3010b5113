-- Each value stands in the new column.
ALTER TABLE "recruits" DROP COLUMN "points_int";
