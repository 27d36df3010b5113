-- Expand: both names for a while. Whatever one version of the application writes, the other one reads.
-- backfill recruits.rocketchat_user = "chat_name"
ALTER TABLE "recruits" ADD COLUMN "rocketchat_user" TEXT;

CREATE FUNCTION "keep_chat_names_equal"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW."rocketchat_user" := coalesce(NEW."rocketchat_user", NEW."chat_name");
    NEW."chat_name" := coalesce(NEW."chat_name", NEW."rocketchat_user");
  ELSIF NEW."rocketchat_user" IS DISTINCT FROM OLD."rocketchat_user" THEN
    NEW."chat_name" := NEW."rocketchat_user";
  ELSE
    NEW."rocketchat_user" := NEW."chat_name";
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "keep_chat_names_equal" BEFORE INSERT OR UPDATE ON "recruits"
FOR EACH ROW WHEN (NEW."rocketchat_user" IS DISTINCT FROM NEW."chat_name") EXECUTE FUNCTION "keep_chat_names_equal"();
