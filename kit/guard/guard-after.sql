-- After a command: is each value there, somewhere?

-- How many of the noted values are found in no place, as places are now. As often as a mark is noted, it has to be found.
-- With `via`, the column itself is a place too.
CREATE OR REPLACE FUNCTION workshop.count_lost(n workshop.guard_notes, via text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '64MB'
SET datestyle = 'ISO' SET intervalstyle = 'iso_8601' SET extra_float_digits = 3 SET bytea_output = 'hex' SET lc_monetary = 'C' AS $$
DECLARE
  places text[] := ARRAY(SELECT sql FROM workshop.places(n)
    UNION ALL SELECT workshop.marks_sql(n.table_oid::regclass::text, own.key, own.value) FROM workshop.sql_of(n, via) AS own WHERE via IS NOT NULL);
  lost   bigint := CASE n.attnum WHEN 0 THEN n."rows" ELSE n."values" END;
  place  text;
  is_all boolean;
BEGIN
  IF lost = 0 OR n.marks IS NULL OR places = '{}' THEN RETURN lost; END IF;
  -- Mostly one place has all of them: then the sum of those that it has is the same.
  FOREACH place IN ARRAY places LOOP
    EXECUTE format('SELECT (count(m), sum(m)) = ($1, $2) FROM (%s) AS x (m) WHERE m = ANY ($3)', place) INTO is_all USING lost, n.fingerprint, n.marks;
    IF is_all THEN RETURN 0; END IF;
  END LOOP;
  EXECUTE format('SELECT count(*) FROM (SELECT unnest($1) EXCEPT ALL (%s)) AS x', array_to_string(places, ' UNION ALL ')) INTO lost USING n.marks;
  RETURN lost;
EXCEPTION WHEN data_exception OR syntax_error_or_access_rule_violation OR integrity_constraint_violation THEN
  RETURN lost; -- What cannot be cast back is not what it was.
END $$;

-- Whether each row of a table has a value of its own in a column.
CREATE OR REPLACE FUNCTION workshop.tells_apart(t oid, attnum int2) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  apart boolean;
BEGIN
  EXECUTE format('SELECT count(*) = count(DISTINCT %s) FROM ONLY %s AS t',
    coalesce((SELECT workshop.text_sql(a.atttypid, format('t.%I', a.attname)) FROM pg_attribute a
      WHERE a.attrelid = t AND a.attnum = tells_apart.attnum AND NOT a.attisdropped), 'NULL'), t::regclass) INTO apart;
  RETURN apart;
END $$;

CREATE OR REPLACE FUNCTION workshop.guard_drop() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone record;
BEGIN
  FOR gone IN
    SELECT d.object_identity, d.objid, d.objsubid, n.*, CASE WHEN n."values" IS NOT NULL THEN workshop.count_lost(n) END AS lost
    FROM pg_event_trigger_dropped_objects() d
    LEFT JOIN workshop.guard_notes n ON n.command = (SELECT workshop.open_command()) AND n.table_oid = d.objid AND n.attnum = d.objsubid
    WHERE d.classid = 'pg_class'::regclass AND NOT d.is_temporary AND d.object_type IN ('table', 'table column')
      AND (d.schema_name IN ('public', 'archive') OR n.command IS NOT NULL OR d.objid IN (SELECT tgrelid FROM workshop.guard_triggers)
      OR EXISTS (SELECT FROM pg_event_trigger_dropped_objects() g WHERE g.object_type = 'trigger'
                 AND g.address_names = d.address_names[1:2] || ARRAY['workshop_guard']))
    ORDER BY lost DESC NULLS FIRST, d.object_identity
  LOOP
    -- What was not counted, and stood in a table without a row, held nothing.
    CONTINUE WHEN gone.lost IS NULL AND gone.objsubid > 0 AND NOT workshop.holds_value(gone.objid, NULL);
    IF gone.lost IS NULL AND current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION '% was not dropped: this transaction does not see what others have written since it began.', gone.object_identity
        USING ERRCODE = 'WK001', HINT = 'Drop it in a transaction with the isolation level READ COMMITTED.';
    ELSIF gone.lost IS NULL THEN
      RAISE EXCEPTION '% was not dropped: its values were not counted before.', gone.object_identity
        USING ERRCODE = 'WK001', HINT = 'Drop it by a statement that names it as it is written here, outside of a function in the language SQL.';
    ELSIF gone.lost > 0 THEN
      RAISE EXCEPTION '% was not dropped: % of its % are kept nowhere else.', concat_ws('.', gone.table_name, gone.column_name), gone.lost,
          CASE gone.attnum WHEN 0 THEN format('rows, with %s values,', gone."values") ELSE gone."values" || ' values' END
        USING ERRCODE = 'WK001', HINT = E'Keep them first:\n' || gone.hint;
    END IF;
  END LOOP;

  -- A key that goes leaves the other values of its rows behind, and nobody knows whose they are. So they are kept under it,
  -- or what tells the rows apart from now on is: another key, or a column with a value of its own in each row.
  FOR gone IN
    SELECT k.table_name, k.column_name, string_agg(left_behind.column_name, ', ' ORDER BY left_behind.attnum) AS names, string_agg(left_behind.hint, E'\n' ORDER BY left_behind.attnum) AS hint
    FROM pg_event_trigger_dropped_objects() d
    JOIN workshop.guard_notes k ON k.command = (SELECT workshop.open_command()) AND k.table_oid = d.objid AND k.attnum = d.objsubid AND k.key_part IS NOT NULL
    JOIN workshop.guard_notes left_behind ON left_behind.command = k.command AND left_behind.table_oid = k.table_oid AND left_behind."values" > 0
    JOIN pg_attribute a ON a.attrelid = k.table_oid AND a.attnum = left_behind.attnum AND NOT a.attisdropped
    WHERE d.classid = 'pg_class'::regclass AND workshop.count_lost(left_behind) > 0 AND NOT (workshop.key_of(k.table_oid) IS NOT NULL AND NOT EXISTS (
      SELECT FROM unnest(workshop.key_of(k.table_oid)) AS part LEFT JOIN workshop.guard_notes n ON n.command = k.command AND n.table_oid = k.table_oid AND n.attnum = part
      WHERE n."values" IS NULL OR workshop.count_lost(n) > 0))
      AND NOT EXISTS (SELECT FROM workshop.guard_notes n JOIN pg_attribute b ON b.attrelid = n.table_oid AND b.attnum = n.attnum AND NOT b.attisdropped
        WHERE n.command = k.command AND n.table_oid = k.table_oid AND n.key_part IS NULL AND n."values" > 0 AND workshop.count_lost(n) = 0 AND workshop.tells_apart(n.table_oid, n.attnum))
    GROUP BY k.table_name, k.column_name
  LOOP
    RAISE EXCEPTION '%.% was not dropped: it is the key of its rows, and % would be left without it.', gone.table_name, gone.column_name, gone.names
      USING ERRCODE = 'WK001', HINT = E'Keep them under it first:\n' || gone.hint;
  END LOOP;

  PERFORM workshop.check_parts(y.oid, d.object_identity) FROM pg_event_trigger_dropped_objects() d JOIN pg_type y ON y.typrelid = d.objid
  WHERE d.classid = 'pg_class'::regclass AND d.objsubid > 0;

  FOR gone IN
    SELECT c.relname AS name FROM pg_event_trigger_dropped_objects() d JOIN pg_class c
      ON c.oid = to_regclass(format('%I.%I', d.address_names[1], d.address_names[2]))
    WHERE d.object_type = 'trigger' AND NOT workshop.is_guarded(c.oid) AND workshop.is_kept(c.oid)
  LOOP
    RAISE EXCEPTION 'The guard''s trigger on % was not dropped: it keeps rows from being deleted.', gone.name
      USING ERRCODE = 'WK001', HINT = 'Leave it where it is. It is in the way of nothing that keeps the rows.';
  END LOOP;
END $$;

-- A rewrite for a column's type or USING, of a table or by a command of which nothing was noted.
CREATE OR REPLACE FUNCTION workshop.guard_rewrite() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t oid := pg_event_trigger_table_rewrite_oid();
BEGIN
  IF pg_event_trigger_table_rewrite_reason() & 4 = 0 OR NOT EXISTS (SELECT FROM workshop.guard_triggers WHERE tgrelid = t) THEN RETURN; END IF;
  UPDATE workshop.guard_notes SET is_rewritten = true WHERE command = (SELECT workshop.open_command()) AND table_oid = t;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'A type in % was not changed: its values were not counted before.', (SELECT relname FROM pg_class WHERE oid = t)
      USING ERRCODE = 'WK001', HINT = 'Change it by a statement that names table and column, with the isolation level READ COMMITTED.';
  END IF;
END $$;

-- Refuses when a value of a column that got another type, or was written anew, is neither what it was nor kept elsewhere.
CREATE OR REPLACE FUNCTION workshop.check_type(n workshop.guard_notes) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text := format('%s.%s', n.table_name, n.column_name);
  -- Cast back; cast back by way of its text; as its text stands there; or alone in what can hold more, a list or a json.
  ways text[] := (SELECT CASE WHEN (n.atttypid, n.atttypmod) = (a.atttypid, a.atttypmod) THEN '{""}'::text[] ELSE '{"",::text,output,alone}' END
                  FROM pg_attribute a WHERE a.attrelid = n.table_oid AND a.attnum = n.attnum);
BEGIN
  IF n."values" IS NULL THEN
    RAISE EXCEPTION 'The type of % was not changed: its values were not counted before.', name
      USING ERRCODE = 'WK001', HINT = 'Change it by a statement that names table and column, with the isolation level READ COMMITTED.';
  END IF;
  IF n."values" = 0 OR EXISTS (SELECT FROM unnest(ways) AS way WHERE workshop.intact(n.table_oid, ARRAY[n.attnum], way) <> '{}')
    OR (SELECT (n.atttypid, a.atttypid) IN (('json'::regtype, 'jsonb'::regtype), ('text'::regtype, 'uuid'::regtype), ('varchar'::regtype, 'uuid'::regtype))
        FROM pg_attribute a WHERE a.attrelid = n.table_oid AND a.attnum = n.attnum) AND n.loosely = workshop.count_loosely(n)
    -- What was NULL may have a value now. Each that was there has to be there, or in its archive.
    OR EXISTS (SELECT FROM unnest(ways) AS way WHERE workshop.count_lost(n, way) = 0)
  THEN
    RETURN;
  END IF;
  RAISE EXCEPTION 'The type of % was not changed: cast back to %, its % values are not all what they were.',
      name, format_type(n.atttypid, n.atttypmod), n."values"
    USING ERRCODE = 'WK001', HINT = E'Keep them first:\n' || n.hint;
END $$;

-- Those of the noted columns in which every value is what it was, in one reading of the table.
CREATE OR REPLACE FUNCTION workshop.intact(t oid, columns int2[], via text) RETURNS int2[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  n     workshop.guard_notes;
  own   record;
  key   text;
  texts text[] := '{}';
  noted int2[] := '{}';
BEGIN
  FOR n IN SELECT * FROM workshop.guard_notes WHERE command = (SELECT workshop.open_command()) AND table_oid = t AND attnum = ANY (columns) LOOP
    SELECT * INTO own FROM workshop.sql_of(n, via);
    key := own.key;
    noted := noted || n.attnum;
    texts := texts || own.value;
  END LOOP;
  RETURN ARRAY(
    SELECT g.attnum FROM workshop.read_values(t, key, texts) AS here JOIN workshop.guard_notes g
      ON g.command = (SELECT workshop.open_command()) AND g.table_oid = t AND g.attnum = noted[here.n]
    WHERE (g."values", g.fingerprint) = (here."values", here.fingerprint));
EXCEPTION WHEN data_exception OR syntax_error_or_access_rule_violation OR integrity_constraint_violation THEN
  RETURN '{}'; -- What cannot be cast back is not what it was.
END $$;

-- Refuses unless each noted column of a table still has what it had: after a change of types.
CREATE OR REPLACE FUNCTION workshop.check_types(t oid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed int2[] := ARRAY(
    SELECT n.attnum FROM workshop.guard_notes n JOIN pg_attribute a ON a.attrelid = n.table_oid AND a.attnum = n.attnum
    WHERE n.command = (SELECT workshop.open_command()) AND n.table_oid = t AND n."values" IS DISTINCT FROM 0 AND NOT n.is_generated AND NOT a.attisdropped
      AND ((n.atttypid, n.atttypmod) <> (a.atttypid, a.atttypmod) OR n.is_rewritten AND n."values" > 0)
      AND NOT (n.is_plain AND workshop.is_wider(n.atttypid, n.atttypmod, a.atttypid, a.atttypmod)));
  whole   int2[];
BEGIN
  IF changed = '{}' THEN RETURN; END IF;
  whole := workshop.intact(t, changed, '');
  PERFORM workshop.check_type(n) FROM workshop.guard_notes n
  WHERE command = workshop.open_command() AND table_oid = t AND attnum = ANY (changed) AND attnum <> ALL (whole);
END $$;

CREATE OR REPLACE FUNCTION workshop.guard_after() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t       record;
  touched oid[];
  inside  oid[] := workshop.kept_schemas();
BEGIN
  -- Only a command that something may be noted for ends the notes: one inside of it is another one.
  IF tg_tag IN ('ALTER TABLE', 'DROP TABLE', 'DROP SCHEMA', 'DROP OWNED', 'DROP TYPE', 'DROP DOMAIN', 'DROP FUNCTION', 'DROP ROUTINE', 'DROP EXTENSION', 'DROP COLLATION')
    AND workshop.open_command() IS NOT NULL
  THEN
    PERFORM workshop.check_types(table_oid) FROM (SELECT DISTINCT table_oid FROM workshop.guard_notes WHERE command = workshop.open_command()) AS x;
    PERFORM workshop.close_command();
  END IF;

  -- The tables that the command was about: where it was about a schema or an extension, all that are in schemas.
  touched := ARRAY(SELECT DISTINCT f.oid FROM workshop.families(ARRAY(
    SELECT objid FROM pg_event_trigger_ddl_commands() WHERE classid = 'pg_class'::regclass
    UNION SELECT g.tgrelid FROM pg_event_trigger_ddl_commands() d JOIN pg_trigger g ON g.oid = d.objid WHERE d.classid = 'pg_trigger'::regclass
    UNION SELECT r.ev_class FROM pg_event_trigger_ddl_commands() d JOIN pg_rewrite r ON r.oid = d.objid WHERE d.classid = 'pg_rewrite'::regclass
    UNION SELECT c.oid FROM pg_event_trigger_ddl_commands() d JOIN pg_class c ON c.relnamespace = d.objid OR d.classid <> 'pg_namespace'::regclass
    WHERE d.classid IN ('pg_namespace'::regclass, 'pg_extension'::regclass))) AS f);

  FOR t IN SELECT c.oid, c.relname, c.relpersistence FROM pg_class c WHERE c.oid = ANY (touched) AND c.relpersistence <> 't' AND workshop.is_kept(c.oid) LOOP
    IF t.relpersistence = 'u' THEN
      RAISE EXCEPTION '% was not made unlogged: PostgreSQL empties an unlogged table after a crash.', t.relname
        USING ERRCODE = 'WK001', HINT = 'Leave out UNLOGGED.';
    ELSIF tg_tag = 'CREATE TRIGGER' THEN
      CONTINUE WHEN workshop.is_guarded(t.oid) OR EXISTS (SELECT FROM pg_event_trigger_ddl_commands() d
        JOIN workshop.own_triggers g ON g.oid = d.objid);
      RAISE EXCEPTION 'The guard''s trigger on % was not replaced: it keeps rows from being deleted.', t.relname
        USING ERRCODE = 'WK001', HINT = 'Give your own trigger another name.';
    ELSIF NOT workshop.is_guarded(t.oid) THEN
      PERFORM workshop.guard_table(t.oid);
    END IF;
  END LOOP;

  FOR t IN
    SELECT c.relname, c.relnamespace::regnamespace AS nspname FROM workshop.guard_triggers g JOIN pg_class c ON c.oid = g.tgrelid
    WHERE tg_tag ~ '^(ALTER|DROP) (TABLE|SCHEMA|EXTENSION|OWNED)' AND CASE WHEN c.relnamespace = ANY (inside) THEN false ELSE NOT workshop.is_kept(c.oid) END
  LOOP
    RAISE EXCEPTION '% was not moved to schema %: its values would leave public and archive.', t.relname, t.nspname
      USING ERRCODE = 'WK001', HINT = format('To give it another name:  ALTER TABLE %I RENAME TO …;', t.relname);
  END LOOP;

  FOR t IN
    SELECT c.relname, r.rulename FROM pg_event_trigger_ddl_commands() d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class
    WHERE d.classid = 'pg_rewrite'::regclass AND r.ev_type = '4' AND EXISTS (SELECT FROM workshop.guard_triggers WHERE tgrelid = c.oid)
  LOOP
    RAISE EXCEPTION 'The rule % was not made: on a DELETE from % it would run before the guard.', t.rulename, t.relname
      USING ERRCODE = 'WK001', HINT = 'Nothing is ever deleted from PROD, so there is nothing to do for it.';
  END LOOP;

  FOR t IN
    SELECT c.relname FROM pg_class c
    JOIN workshop.own_triggers g ON g.tgrelid = c.oid
    WHERE c.oid = ANY (touched) AND g.tgenabled IN ('D', 'R')
  LOOP
    RAISE EXCEPTION 'The guard''s trigger on % was not disabled: it keeps rows from being deleted.', t.relname
      USING ERRCODE = 'WK001', HINT = format('Your own triggers are disabled by name:  ALTER TABLE %I DISABLE TRIGGER …;', t.relname);
  END LOOP;
END $$;
