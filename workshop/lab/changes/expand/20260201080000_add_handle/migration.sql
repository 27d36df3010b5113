-- Expand: a column that may be empty, which takes a moment whatever the table's size. The old application does not know
-- it: a trigger fills it in rows that come from there.
-- backfill recruits.handle = lower("first_name") || '.' || "id"
ALTER TABLE "recruits" ADD COLUMN "handle" TEXT;

CREATE FUNCTION "fill_handle"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."handle" := lower(NEW."first_name") || '.' || NEW."id";
  RETURN NEW;
END $$;

CREATE TRIGGER "fill_handle" BEFORE INSERT OR UPDATE ON "recruits"
FOR EACH ROW WHEN (NEW."handle" IS NULL) EXECUTE FUNCTION "fill_handle"();
