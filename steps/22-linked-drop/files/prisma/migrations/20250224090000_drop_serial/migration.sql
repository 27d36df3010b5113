-- A column that a view shows: the values move into the archive, the view is made anew without it, and then the column goes.
BEGIN;

-- Whoever writes waits: what is written between the copy and the drop would be lost.
LOCK TABLE "devices" IN ACCESS EXCLUSIVE MODE;

-- Nothing is deleted: the values move to the archive before the column is dropped.
CREATE SCHEMA IF NOT EXISTS "archive";

CREATE TABLE IF NOT EXISTS "archive"."devices_serial" (
    "id" integer,
    "serial" text,
    PRIMARY KEY ("id")
);

INSERT INTO "archive"."devices_serial" ("id", "serial")
SELECT "id", "serial" FROM "devices"
ON CONFLICT ("id") DO UPDATE SET "serial" = EXCLUDED."serial";

-- A view holds no values: it is made anew, without what goes.
DROP VIEW "device_register";

CREATE VIEW public.device_register AS
 SELECT d.id,
    c.name AS campus,
    c.city
   FROM (public.devices d
     JOIN public.campuses c ON ((c.id = d.campus_id)));

ALTER TABLE "devices" DROP COLUMN "serial";

COMMIT;
