-- A second column of the new type. Only the old one is written to; the trigger copies.
-- backfill recruits.points_big = "points"
ALTER TABLE "recruits" ADD COLUMN "points_big" BIGINT;

CREATE FUNCTION "copy_points"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."points_big" := NEW."points";
  RETURN NEW;
END $$;

CREATE TRIGGER "copy_points" BEFORE INSERT OR UPDATE ON "recruits"
FOR EACH ROW WHEN (NEW."points_big" IS DISTINCT FROM NEW."points") EXECUTE FUNCTION "copy_points"();
