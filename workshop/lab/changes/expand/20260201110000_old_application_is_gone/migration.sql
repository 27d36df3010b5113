-- Contract: nobody is left who does not know the column.
DROP TRIGGER "fill_handle" ON "recruits";

DROP FUNCTION "fill_handle"();
