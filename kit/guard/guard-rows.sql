-- DELETE, TRUNCATE and rows that move: the triggers on each table.

-- The one value that a query gives, read as the role that reads and does nothing else.
CREATE OR REPLACE FUNCTION workshop.answer(query text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found text;
BEGIN
  EXECUTE query INTO found;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION workshop.keep_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  n bigint := workshop.answer(format('SELECT count(*) FROM %I.%I', tg_table_schema, tg_table_name));
BEGIN
  RAISE EXCEPTION '% on % is refused: nothing is ever deleted from PROD. All % rows stay.', tg_op, tg_table_name, n
    USING ERRCODE = 'WK001', HINT = format(
      E'To mark a row as gone:\nALTER TABLE %1$I.%2$I ADD COLUMN gone_at timestamptz;\nUPDATE %1$I.%2$I SET gone_at = now() WHERE …;',
      tg_table_schema, tg_table_name);
END $$;

-- An UPDATE that moves rows to another partition deletes them here and inserts them there, where a trigger may swallow them.
CREATE OR REPLACE FUNCTION workshop.keep_moved_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lost bigint := (SELECT count(*) FROM rows_before) - (SELECT count(*) FROM rows_after);
BEGIN
  IF lost > 0 THEN
    RAISE EXCEPTION 'UPDATE of % is refused: % of its rows did not arrive in the partition to which they move.', tg_table_name, lost
      USING ERRCODE = 'WK001', HINT = 'A BEFORE INSERT trigger of that partition returns NULL for them. Let it RETURN NEW.';
  END IF;
  RETURN NULL;
END $$;

-- For MERGE, PostgreSQL keeps no such account of the rows that move. So they do not move to where a trigger could swallow them.
CREATE OR REPLACE FUNCTION workshop.keep_merged_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lc_messages = 'C' AS $$
DECLARE
  context text;
  running text;
  swallow text := (SELECT min(tgname) FROM workshop.families(ARRAY[tg_relid]) AS f JOIN pg_trigger ON tgrelid = f.oid
                   WHERE tgtype & 7 = 7 AND tgenabled <> 'D');
BEGIN
  IF swallow IS NULL THEN RETURN NULL; END IF;
  GET DIAGNOSTICS context = PG_CONTEXT;
  running := coalesce(workshop.statement_in(context), 'merge');
  -- An EXECUTE does not say what was prepared.
  IF running ~* $re$\mexecute\M$re$ THEN running := running || (SELECT coalesce(string_agg(' ' || statement, ''), '') FROM pg_prepared_statements); END IF;
  IF running ~* $re$\mmerge\M$re$ THEN
    RAISE EXCEPTION 'MERGE is refused: it moves rows of % to another partition, and the trigger % might swallow them there.', tg_table_name, swallow
      USING ERRCODE = 'WK001', HINT = 'Move them by UPDATE, in a script of its own.';
  END IF;
  RETURN NULL;
END $$;

-- The statement that runs, by the context that a function is called in, or the whole text that the client has sent. Inside
-- PL/pgSQL, PostgreSQL says which statement runs; inside a function in the language SQL it does not: NULL.
CREATE OR REPLACE FUNCTION workshop.statement_in(context text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN position(E'\n' IN context) = 0 THEN current_query()
    ELSE substring(context FROM $re$^[^\n]*\nSQL statement "(.*?)"\n(?:PL/pgSQL |SQL )$re$) END
$$;

-- The guard's triggers as they have to be: BEFORE DELETE OR TRUNCATE FOR EACH STATEMENT, always; on a partitioned table
-- AFTER UPDATE too, and AFTER DELETE FOR EACH ROW.
CREATE OR REPLACE VIEW workshop.guard_triggers AS
SELECT oid, tgrelid, tgenabled, tgname FROM pg_trigger
WHERE tgfoid = (SELECT to_regproc('workshop.keep_rows')::oid) AND tgtype = 2 + 8 + 32 AND tgqual IS NULL;

CREATE OR REPLACE VIEW workshop.guard_move_triggers AS
SELECT oid, tgrelid, tgenabled, tgname FROM pg_trigger
WHERE tgfoid = (SELECT to_regproc('workshop.keep_moved_rows')::oid) AND tgtype = 16 AND tgqual IS NULL AND cardinality(tgattr) = 0;

CREATE OR REPLACE VIEW workshop.guard_merge_triggers AS
SELECT oid, tgrelid, tgenabled, tgname FROM pg_trigger
WHERE tgfoid = (SELECT to_regproc('workshop.keep_merged_row')::oid) AND tgtype = 1 + 8 AND tgqual IS NULL;

CREATE OR REPLACE VIEW workshop.own_triggers AS
TABLE workshop.guard_triggers UNION ALL TABLE workshop.guard_move_triggers UNION ALL TABLE workshop.guard_merge_triggers;

CREATE OR REPLACE FUNCTION workshop.is_guarded(t oid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM workshop.guard_triggers WHERE tgrelid = t)
    AND ((SELECT relkind FROM pg_class WHERE oid = t) <> 'p' OR EXISTS (SELECT FROM workshop.guard_move_triggers WHERE tgrelid = t)
      AND EXISTS (SELECT FROM workshop.guard_merge_triggers WHERE tgrelid = t))
$$;

-- Puts the triggers onto a table, and notes the columns that it is born with.
CREATE OR REPLACE FUNCTION workshop.guard_table(t oid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER workshop_guard BEFORE DELETE OR TRUNCATE ON %s EXECUTE FUNCTION workshop.keep_rows()', t::regclass);
  IF (SELECT relkind FROM pg_class WHERE oid = t) = 'p' THEN
    EXECUTE format('CREATE OR REPLACE TRIGGER workshop_guard_moves AFTER UPDATE ON %s REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after EXECUTE FUNCTION workshop.keep_moved_rows()', t::regclass);
    -- PostgreSQL puts it onto the partitions itself, under the same name: no two tables have it under the same.
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER DELETE ON %s FOR EACH ROW EXECUTE FUNCTION workshop.keep_merged_row()', 'workshop_guard_merges_' || t, t::regclass);
  END IF;
  INSERT INTO workshop.known_columns (table_oid, attnum)
  SELECT attrelid, attnum FROM pg_attribute WHERE attrelid = t AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION workshop.guard_table(oid) FROM PUBLIC;

-- Tables with all that they are tied to by inheritance or partitions, up and down.
CREATE OR REPLACE FUNCTION workshop.families(tables oid[]) RETURNS TABLE (oid oid)
LANGUAGE sql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE family AS (
    SELECT unnest(tables) AS oid
    UNION
    SELECT x.oid FROM family f, LATERAL (
      SELECT inhrelid AS oid FROM pg_inherits WHERE inhparent = f.oid UNION ALL SELECT inhparent FROM pg_inherits WHERE inhrelid = f.oid
    ) AS x
  )
  SELECT f.oid FROM family f WHERE (SELECT relkind FROM pg_class c WHERE c.oid = f.oid) IN ('r', 'p')
$$;

-- The schemas whose values are kept, as far as they are there: one that is missing must not make a question unanswered.
CREATE OR REPLACE FUNCTION workshop.kept_schemas() RETURNS oid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'archive'))
$$;

-- Whether it stands in public or archive itself, and belongs to no extension.
CREATE OR REPLACE FUNCTION workshop.is_inside(t oid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT relnamespace FROM pg_class WHERE oid = t) = ANY (workshop.kept_schemas())
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = t AND d.deptype = 'e')
$$;

-- Whether a table is one of workshop.kept_tables, without looking at all of them.
CREATE OR REPLACE FUNCTION workshop.is_kept(t oid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT workshop.is_inside(t) OR EXISTS (SELECT FROM workshop.families(ARRAY[t]) AS f WHERE workshop.is_inside(f.oid))
$$;
