-- The guard of PROD: nothing that would lose a value gets through, whatever client sends it.
--
-- Two things do it. A trigger on every table refuses DELETE and TRUNCATE. Event triggers look at DDL: PostgreSQL tells of
-- a drop only when the values are gone already, so they are counted before (ddl_command_start), and what was dropped is
-- held against that count (sql_drop). A drop that nobody counted is refused: the guard fails closed.
--
-- A column may go when its values stand elsewhere, each under the key of its row: in a table of schema archive, or in
-- a column of the same table that was made or filled since the last deploy. A type may change when each value, cast
-- back, is what it was. A rename is never in the way: a column is known by its number, not by its name.
--
-- Runs as superuser, after ledger.sql. Can be run again. What it refuses has the SQLSTATE WK001.

-- They are made last. Until then they would be in the way of this file itself.
DROP EVENT TRIGGER IF EXISTS workshop_guard_before;
DROP EVENT TRIGGER IF EXISTS workshop_guard_drop;
DROP EVENT TRIGGER IF EXISTS workshop_guard_after;
DROP EVENT TRIGGER IF EXISTS workshop_guard_rewrite;

-- What was counted for the statement that is running, a row a column; attnum 0 is a whole table. "lost" is NULL where
-- nothing was counted. The rows go when the statement ends.
CREATE UNLOGGED TABLE IF NOT EXISTS workshop.guard_notes (
  pid         int NOT NULL,
  table_oid   oid NOT NULL,
  attnum      int2 NOT NULL,
  name        text NOT NULL,
  atttypid    oid,
  atttypmod   int,
  "values"    bigint,
  lost        bigint,
  kept_in     text[] NOT NULL DEFAULT '{}',
  fingerprint numeric,
  hint        text,
  PRIMARY KEY (pid, table_oid, attnum)
);

----------------------------------------------------------------------------------------------------- DELETE and TRUNCATE

CREATE OR REPLACE FUNCTION workshop.keep_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  n bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I.%I', tg_table_schema, tg_table_name) INTO n;
  RAISE EXCEPTION '% on % is refused: nothing is ever deleted from PROD. All % rows stay.', tg_op, tg_table_name, n
    USING ERRCODE = 'WK001', HINT = format(
      E'To mark a row as gone:\nALTER TABLE %1$I.%2$I ADD COLUMN gone_at timestamptz;\nUPDATE %1$I.%2$I SET gone_at = now() WHERE …;',
      tg_table_schema, tg_table_name);
END $$;

-- The guard's triggers as they have to be: BEFORE DELETE OR TRUNCATE FOR EACH STATEMENT, always.
CREATE OR REPLACE VIEW workshop.guard_triggers AS
SELECT oid, tgrelid, tgenabled, tgname FROM pg_trigger
WHERE tgfoid = to_regproc('workshop.keep_rows') AND tgtype = 2 + 8 + 32 AND tgqual IS NULL;

-- Puts the trigger onto every kept table that has none, and notes the columns that the table is born with.
CREATE OR REPLACE FUNCTION workshop.guard_new_tables() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t record;
BEGIN
  FOR t IN
    SELECT oid, sql FROM workshop.kept_tables k
    WHERE NOT EXISTS (SELECT FROM workshop.guard_triggers g WHERE g.tgrelid = k.oid)
  LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER workshop_guard BEFORE DELETE OR TRUNCATE ON %s EXECUTE FUNCTION workshop.keep_rows()', t.sql);
    INSERT INTO workshop.known_columns (table_oid, attnum)
    SELECT table_oid, attnum FROM workshop.kept_columns WHERE table_oid = t.oid ON CONFLICT DO NOTHING;
  END LOOP;
END $$;

-------------------------------------------------------------------------------------------------------- before: counting

-- SQL that tells whether row `a` of one table has the key of row `t` of another.
CREATE OR REPLACE FUNCTION workshop.same_key(a oid, a_key text[], t oid, t_key text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(format(CASE WHEN x.atttypid = y.atttypid THEN 'a.%I = t.%I' ELSE 'concat(a.%I) = concat(t.%I)' END,
           a_name, t_name), ' AND ')
  FROM unnest(a_key, t_key) AS k (a_name, t_name)
  JOIN pg_attribute x ON x.attrelid = a AND x.attname = a_name JOIN pg_attribute y ON y.attrelid = t AND y.attname = t_name
$$;

-- How many values of a column stand nowhere else, and in which columns ('oid.attnum') it was looked for them: those of
-- archives, matched by the key of the row, and those of the same table that the last deploy did not know or saw empty.
-- An archive's column has the name or, where that `may_differ`, the type of this one.
CREATE OR REPLACE FUNCTION workshop.count_lost(t oid, c int2, may_differ boolean, OUT lost bigint, OUT kept_in text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
SET datestyle = 'ISO' SET intervalstyle = 'iso_8601' SET extra_float_digits = 3 SET bytea_output = 'hex' AS $$
DECLARE
  key     text[] := workshop.key_names(t);
  own     workshop.kept_columns;
  nowhere text;
BEGIN
  SELECT * INTO own FROM workshop.kept_columns WHERE table_oid = t AND attnum = c;
  WITH archives AS (
    SELECT k.oid, k.sql, CASE WHEN workshop.has_columns(k.oid, key) THEN key ELSE workshop.key_names(k.oid) END AS keys
    FROM workshop.kept_tables k WHERE k.schema = 'archive' AND k.oid <> t
  ), places AS (
    SELECT a.oid || '.' || x.attnum AS place, format(
      'NOT EXISTS (SELECT FROM ONLY %s AS a WHERE %s AND NOT %s IS DISTINCT FROM %s)', a.sql, workshop.same_key(a.oid, a.keys, t, key),
      workshop.text_sql(x.atttypid, 'a.' || x.sql), workshop.text_sql(own.atttypid, 't.' || own.sql)) AS condition
    FROM archives a JOIN workshop.kept_columns x ON x.table_oid = a.oid
    WHERE cardinality(a.keys) = cardinality(key) AND (x.column_name = own.column_name OR may_differ AND x.atttypid = own.atttypid)
    UNION ALL
    -- What the DEFAULT of a new column has put there was not copied from anywhere.
    SELECT t || '.' || y.attnum, format('(%s IS DISTINCT FROM %s OR %1$s IS NOT DISTINCT FROM %3$L AND %3$L::text IS NOT NULL)',
      workshop.text_sql(y.atttypid, 't.' || y.sql), workshop.text_sql(own.atttypid, 't.' || own.sql), (m.attmissingval::text::text[])[1])
    FROM workshop.kept_columns y JOIN pg_attribute m ON m.attrelid = y.table_oid AND m.attnum = y.attnum
    LEFT JOIN workshop.known_columns known ON (known.table_oid, known.attnum) = (y.table_oid, y.attnum)
    WHERE y.table_oid = t AND y.attnum <> c AND (known.table_oid IS NULL OR known."values" = 0 OR known.copy_of = c)
  )
  SELECT coalesce(string_agg(' AND ' || condition, ''), ''), coalesce(array_agg(place), '{}') INTO nowhere, kept_in FROM places;
  nowhere := format('t.%s IS NOT NULL%s', own.sql, nowhere);
  IF key IS NULL THEN
    SELECT r.lost, count_lost.kept_in || r.kept_in INTO lost, kept_in FROM workshop.count_lost_rows(t, nowhere) AS r;
  ELSE
    EXECUTE format('SELECT count(*) FROM ONLY %s AS t WHERE %s', own.table_sql, nowhere) INTO lost;
  END IF;
END $$;

-- How many rows of a table have no equal row in an archive. As often as a row is there, it has to be in the archive.
CREATE OR REPLACE FUNCTION workshop.count_lost_rows(t oid, filter text, OUT lost bigint, OUT kept_in text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '64MB'
SET datestyle = 'ISO' SET intervalstyle = 'iso_8601' SET extra_float_digits = 3 SET bytea_output = 'hex' AS $$
DECLARE
  names   text[] := (SELECT array_agg(column_name ORDER BY attnum) FROM workshop.kept_columns WHERE table_oid = t);
  one_row text := (SELECT format('ROW(%s)::text COLLATE "C"', string_agg(format('t.%I', name), ', ')) FROM unnest(names) AS name);
  copies  text;
BEGIN
  SELECT coalesce(string_agg(format(' UNION ALL SELECT %s FROM ONLY %s AS t', one_row, k.sql), ''), ''), coalesce(array_agg(k.oid || '.0'), '{}')
  INTO copies, kept_in
  FROM workshop.kept_tables k WHERE k.schema = 'archive' AND k.oid <> t AND workshop.has_columns(k.oid, names);
  IF copies = '' THEN
    EXECUTE format('SELECT count(*) FROM ONLY %s AS t WHERE %s', t::regclass, filter) INTO lost;
    RETURN;
  END IF;
  EXECUTE format('SELECT count(*) FROM (SELECT %s FROM ONLY %s AS t WHERE %s EXCEPT ALL (SELECT NULL::text WHERE false%s)) AS x',
    one_row, t::regclass, filter, copies) INTO lost;
END $$;

CREATE OR REPLACE FUNCTION workshop.has_columns(t oid, names text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (SELECT unnest(names) EXCEPT SELECT column_name FROM workshop.kept_columns WHERE table_oid = t)
$$;

-- Names as SQL: id, "First Name".
CREATE OR REPLACE FUNCTION workshop.list(names text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(quote_ident(name), ', ') FROM unnest(names) AS name
$$;

-- SQL that copies columns of a table, or NULL for all of them, into schema archive under the key: the guard's HINT.
CREATE OR REPLACE FUNCTION workshop.archive_sql(t oid, columns int2[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key   text[] := workshop.key_names(t);
  names text[] := (SELECT array_agg(column_name ORDER BY attnum) FROM workshop.kept_columns
                   WHERE table_oid = t AND attnum = ANY (columns) AND column_name <> ALL (coalesce(key, '{}')));
  own   workshop.kept_tables;
  base  text;
  place text;
  n     int := 1;
BEGIN
  SELECT * INTO own FROM workshop.kept_tables WHERE oid = t;
  base := concat_ws('_', own.name, names[1]);
  -- PostgreSQL cuts a name at 63 bytes, and the number behind it would be gone.
  WHILE octet_length(base) > 55 LOOP base := left(base, -1); END LOOP;
  place := base;
  WHILE to_regclass(format('archive.%I', place)) IS NOT NULL LOOP
    n := n + 1;
    place := base || '_' || n;
  END LOOP;
  RETURN format(E'CREATE SCHEMA IF NOT EXISTS archive;\nCREATE TABLE archive.%I AS\n  SELECT %s FROM %s;', place,
      CASE WHEN key IS NULL OR columns IS NULL THEN '*' ELSE workshop.list(key || names) END, own.sql)
    || CASE WHEN key IS NULL THEN '' ELSE format(E'\nALTER TABLE archive.%I ADD PRIMARY KEY (%s);', place, workshop.list(key)) END;
END $$;

-- Counts columns of a table, under the lock that the statement takes anyway. `retyped` ones get a fingerprint too, for
-- the look back when they have their new type.
CREATE OR REPLACE FUNCTION workshop.note_columns(t oid, columns int2[], retyped boolean, dropped boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c     record;
  found record;
BEGIN
  EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', t::regclass);
  -- A partitioned table has no rows of its own; its partitions are counted each.
  IF EXISTS (SELECT FROM pg_class WHERE oid = t AND relkind = 'p') THEN
    UPDATE workshop.guard_notes SET "values" = 0, lost = 0
    WHERE pid = pg_backend_pid() AND table_oid = t AND attnum = ANY (columns);
    RETURN;
  END IF;
  -- Another key for a row gives it the values of another row, so all of them are counted.
  IF retyped AND columns && workshop.key_of(t) THEN
    columns := (SELECT array_agg(attnum) FROM workshop.kept_columns WHERE table_oid = t);
  END IF;
  FOR c IN SELECT * FROM workshop.fingerprints(t, columns, retyped) LOOP
    SELECT * INTO found FROM workshop.count_lost(t, c.attnum, dropped);
    UPDATE workshop.guard_notes
    SET "values" = c."values", lost = found.lost, kept_in = found.kept_in, hint = workshop.archive_sql(t, ARRAY[c.attnum]),
        fingerprint = CASE WHEN retyped THEN c.fingerprint END
    WHERE pid = pg_backend_pid() AND table_oid = t AND attnum = c.attnum;
  END LOOP;
END $$;

-- Counts a table that may go as a whole.
CREATE OR REPLACE FUNCTION workshop.note_table(t oid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  columns text := (SELECT string_agg('t.' || sql, ', ') FROM workshop.kept_columns WHERE table_oid = t);
  n       bigint;
  found   record;
BEGIN
  EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', t::regclass);
  EXECUTE format('SELECT coalesce(sum(num_nonnulls(%s)), 0) FROM ONLY %s AS t', coalesce(columns, 'NULL'), t::regclass) INTO n;
  SELECT * INTO found FROM workshop.count_lost_rows(t, 'true');
  UPDATE workshop.guard_notes SET "values" = n, lost = found.lost, kept_in = found.kept_in, hint = workshop.archive_sql(t, NULL)
  WHERE pid = pg_backend_pid() AND table_oid = t AND attnum = 0;
END $$;

CREATE OR REPLACE FUNCTION workshop.guard_before() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  context text;
  script  text;
  t       record;
BEGIN
  GET DIAGNOSTICS context = PG_CONTEXT;
  -- What the client sent and, inside a function or a DO block, the statement itself. It only chooses what is counted:
  -- what is dropped without a count is refused.
  -- A comment's sign between dollar quotes is none, so such a text is looked at with its comments too.
  script := workshop.without_comments(current_query()) || CASE WHEN current_query() ~ '\$' THEN E';\n' || lower(current_query()) ELSE '' END
    || (SELECT coalesce(string_agg(E';\n' || workshop.without_comments(m[1]), ''), '')
        FROM regexp_matches(context, E'SQL statement "((?:[^\n]|\n(?!PL/pgSQL |SQL ))*)"', 'g') AS m);
  IF position(E'\n' IN context) = 0 THEN
    DELETE FROM workshop.guard_notes WHERE pid = pg_backend_pid();
    IF script !~ '\m(drop|type)\M' THEN RETURN; END IF;
  ELSIF EXISTS (SELECT FROM workshop.guard_notes WHERE pid = pg_backend_pid()) THEN
    RAISE EXCEPTION 'A % inside of another change is refused: the guard counts for one statement at a time.', tg_tag
      USING ERRCODE = 'WK001', HINT = 'Write the two as two statements.';
  END IF;

  INSERT INTO workshop.guard_notes (pid, table_oid, attnum, name, atttypid, atttypmod, "values", lost)
  SELECT pg_backend_pid(), oid, 0, name, NULL, NULL, NULL, NULL FROM workshop.kept_tables
  UNION ALL
  SELECT pg_backend_pid(), a.attrelid, a.attnum, k.name || '.' || a.attname, a.atttypid, a.atttypmod, derived.n, derived.n
  FROM workshop.kept_tables k JOIN pg_attribute a ON a.attrelid = k.oid AND a.attnum > 0 AND NOT a.attisdropped,
       LATERAL (SELECT CASE WHEN a.attgenerated <> '' THEN 0 END AS n) AS derived;
  -- An old snapshot does not see what others have written since, and a drop takes that too.
  IF current_setting('transaction_isolation') <> 'read committed' THEN RETURN; END IF;

  FOR t IN
    SELECT table_oid, array_agg(DISTINCT attnum) AS columns, bool_or(retyped) AS retyped, bool_or(dropped) AS dropped
    FROM workshop.columns_at_risk(tg_tag, script) GROUP BY 1 ORDER BY 1
  LOOP
    PERFORM workshop.note_columns(t.table_oid, t.columns, t.retyped, t.dropped);
  END LOOP;
  FOR t IN SELECT oid FROM workshop.tables_at_risk(tg_tag, script) ORDER BY 1 LOOP
    PERFORM workshop.note_table(t.oid);
  END LOOP;
END $$;

-- SQL in small letters without its comments; what looks like one in a string or a name stays.
CREATE OR REPLACE FUNCTION workshop.without_comments(script text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT lower(regexp_replace(coalesce(script, '') COLLATE "C", $re$('(?:[^']|'')*'|"(?:[^"]|"")*")|/\*(?:[^*]|\*+[^*/])*\*+/|--[^\n]*$re$, '\1 ', 'g'))
$$;

-- Whether a name occurs in a script of small letters as a word of its own.
CREATE OR REPLACE FUNCTION workshop.names(script text, name text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT script ~ ('(^|[^[:alnum:]_])' || regexp_replace(replace(lower(name), '"', '""'), '([^[:alnum:]_])', '\\\1', 'g') || '($|[^[:alnum:]_])')
$$;

CREATE OR REPLACE VIEW workshop.descendants AS
WITH RECURSIVE below AS (
  SELECT inhparent AS ancestor, inhrelid AS oid FROM pg_inherits
  UNION
  SELECT b.ancestor, i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.oid
)
SELECT ancestor, oid FROM below;

-- The columns that the text of a statement may drop or give another type, in their tables and all tables below those.
CREATE OR REPLACE FUNCTION workshop.columns_at_risk(tag text, script text) RETURNS TABLE (table_oid oid, attnum int2, retyped boolean, dropped boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH parts AS (
    SELECT regexp_replace(m[1], '\mdrop\s+(default|not\s+null|identity|expression|constraint)\M', ' ', 'g') AS part
    FROM regexp_matches(script, '\malter\s+table\M([^;]*)', 'g') AS m WHERE tag = 'ALTER TABLE'
  ), named AS (
    SELECT c.*, part ~ '\mtype\M' AS retyped, part ~ '\mdrop\M' AS dropped
    FROM workshop.kept_columns c JOIN parts ON part ~ '\m(drop|type)\M'
      AND workshop.names(part, c.table_name) AND workshop.names(part, c.column_name)
  )
  SELECT named.table_oid, named.attnum, named.retyped, named.dropped FROM named
  UNION
  SELECT c.table_oid, c.attnum, named.retyped, named.dropped FROM named JOIN workshop.descendants d ON d.ancestor = named.table_oid
    JOIN workshop.kept_columns c ON c.table_oid = d.oid AND c.column_name = named.column_name
  UNION
  -- A name with a sign that ends a statement or begins a comment.
  SELECT c.table_oid, c.attnum, true, true FROM workshop.kept_columns c
  WHERE tag = 'ALTER TABLE' AND c.table_name || c.column_name ~ ';' AND script ~ '\m(drop|type)\M'
    AND position(replace(lower(c.table_name), '"', '""') IN script) > 0 AND position(replace(lower(c.column_name), '"', '""') IN script) > 0
  UNION
  SELECT c.table_oid, c.attnum, false, true
  FROM workshop.kept_columns c JOIN pg_type y ON y.oid = c.atttypid LEFT JOIN pg_type e ON e.oid = y.typelem
  WHERE y.typnamespace <> 'pg_catalog'::regnamespace AND script ~ '\m(cascade|owned)\M' AND (tag IN ('DROP SCHEMA', 'DROP OWNED')
    OR tag IN ('DROP TYPE', 'DROP DOMAIN') AND workshop.names(script, coalesce(e.typname, y.typname)::text))
$$;

-- The tables that it may drop, and all below them.
CREATE OR REPLACE FUNCTION workshop.tables_at_risk(tag text, script text) RETURNS TABLE (oid oid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH parts AS (
    SELECT m[1] AS what, m[2] AS part FROM regexp_matches(script, '\mdrop\s+(table|schema|owned)\M([^;]*)', 'g') AS m
    WHERE tag = 'DROP ' || upper(m[1])
  ), named AS (
    SELECT k.oid FROM workshop.kept_tables k JOIN parts
      ON what = 'owned' OR workshop.names(part, CASE what WHEN 'table' THEN k.name ELSE k.schema END)
      OR what = 'table' AND k.name ~ ';' AND position(replace(lower(k.name), '"', '""') IN script) > 0
  )
  SELECT named.oid FROM named UNION SELECT d.oid FROM named JOIN workshop.descendants d ON d.ancestor = named.oid
$$;

---------------------------------------------------------------------------------------------- after: what was dropped?

CREATE OR REPLACE FUNCTION workshop.guard_drop() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone record;
BEGIN
  FOR gone IN
    WITH dropped AS (
      SELECT * FROM pg_event_trigger_dropped_objects() WHERE classid = 'pg_class'::regclass AND NOT is_temporary
    )
    SELECT d.object_identity, n.*, EXISTS (
        SELECT FROM unnest(n.kept_in) AS place JOIN dropped o
          ON o.objid = split_part(place, '.', 1)::oid AND o.objsubid IN (0, split_part(place, '.', 2)::int)) AS place_goes
    FROM dropped d
    LEFT JOIN workshop.guard_notes n ON n.pid = pg_backend_pid() AND n.table_oid = d.objid AND n.attnum = d.objsubid
    WHERE d.object_type IN ('table', 'table column') AND (d.schema_name IN ('public', 'archive') OR n.pid IS NOT NULL
      OR d.objid IN (SELECT oid FROM workshop.kept_tables)
      OR EXISTS (SELECT FROM pg_event_trigger_dropped_objects() g WHERE g.object_type = 'trigger'
                 AND g.address_names = d.address_names[1:2] || ARRAY['workshop_guard']))
    ORDER BY n.lost DESC NULLS FIRST, d.object_identity
  LOOP
    IF gone.lost IS NULL AND current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION '% was not dropped: this transaction does not see what others have written since it began.', gone.object_identity
        USING ERRCODE = 'WK001', HINT = 'Drop it in a transaction with the isolation level READ COMMITTED.';
    ELSIF gone.lost IS NULL THEN
      RAISE EXCEPTION '% was not dropped: its values were not counted before.', gone.object_identity
        USING ERRCODE = 'WK001', HINT = 'Drop it by a statement that names it, outside of a function in the language SQL.';
    ELSIF gone.lost > 0 THEN
      RAISE EXCEPTION '% was not dropped: % of its % are kept nowhere else.', gone.name, gone.lost,
          CASE gone.attnum WHEN 0 THEN format('rows, with %s values,', gone."values") ELSE gone."values" || ' values' END
        USING ERRCODE = 'WK001', HINT = E'Keep them first:\n' || gone.hint;
    ELSIF gone."values" > 0 AND gone.place_goes THEN
      RAISE EXCEPTION '% was not dropped: the place where its % values are kept goes with it.', gone.name, gone."values"
        USING ERRCODE = 'WK001', HINT = E'Drop one of the two, or keep them elsewhere:\n' || gone.hint;
    END IF;
  END LOOP;

  FOR gone IN
    WITH RECURSIVE parts AS (
      SELECT table_name || '.' || column_name AS name, atttypid AS part FROM workshop.kept_columns
      UNION
      SELECT p.name, inner_type FROM parts p JOIN pg_type y ON y.oid = p.part, LATERAL (
        SELECT y.typelem UNION SELECT y.typbasetype UNION SELECT atttypid FROM pg_attribute WHERE attrelid = y.typrelid AND attnum > 0
      ) AS i (inner_type) WHERE inner_type <> 0
    )
    SELECT d.object_identity, p.name
    FROM pg_event_trigger_dropped_objects() d JOIN pg_type y ON y.typrelid = d.objid JOIN parts p ON p.part = y.oid
    WHERE d.classid = 'pg_class'::regclass AND d.objsubid > 0
  LOOP
    RAISE EXCEPTION '% was not dropped: values of % may hold it.', gone.object_identity, gone.name
      USING ERRCODE = 'WK001', HINT = 'Make a new type and a new column of it, copy the values, then archive and drop the old column.';
  END LOOP;

  FOR gone IN
    SELECT k.name FROM pg_event_trigger_dropped_objects() d JOIN workshop.kept_tables k
      ON k.schema = d.address_names[1] AND k.name = d.address_names[2]
    WHERE d.object_type = 'trigger'
      AND NOT EXISTS (SELECT FROM workshop.guard_triggers g WHERE g.tgrelid = k.oid)
  LOOP
    RAISE EXCEPTION 'The guard''s trigger on % was not dropped: it keeps rows from being deleted.', gone.name
      USING ERRCODE = 'WK001', HINT = 'Leave it where it is. It is in the way of DELETE and TRUNCATE alone.';
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION workshop.guard_after() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t record;
BEGIN
  IF tg_tag = 'CREATE TRIGGER' THEN
    FOR t IN
      SELECT k.name FROM pg_event_trigger_ddl_commands() d JOIN pg_trigger g ON g.oid = d.objid JOIN workshop.kept_tables k ON k.oid = g.tgrelid
      WHERE NOT EXISTS (SELECT FROM workshop.guard_triggers o WHERE o.tgrelid = k.oid)
    LOOP
      RAISE EXCEPTION 'The guard''s trigger on % was not replaced: it keeps rows from being deleted.', t.name
        USING ERRCODE = 'WK001', HINT = 'Give your own trigger another name.';
    END LOOP;
    RETURN;
  END IF;
  PERFORM workshop.guard_new_tables();

  FOR t IN
    SELECT table_oid, attnum FROM workshop.guard_notes n JOIN workshop.kept_columns k USING (table_oid, attnum)
    WHERE n.pid = pg_backend_pid()
      AND (n.fingerprint IS NOT NULL OR (n.atttypid, n.atttypmod) IS DISTINCT FROM (k.atttypid, k.atttypmod))
  LOOP
    PERFORM workshop.check_type_change(t.table_oid, t.attnum);
  END LOOP;
  DELETE FROM workshop.guard_notes WHERE pid = pg_backend_pid();

  FOR t IN
    SELECT c.relname, n.nspname
    FROM workshop.guard_triggers g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid NOT IN (SELECT oid FROM workshop.kept_tables)
  LOOP
    RAISE EXCEPTION '% was not moved to schema %: its values would leave public and archive.', t.relname, t.nspname
      USING ERRCODE = 'WK001', HINT = format('To give it another name:  ALTER TABLE %I RENAME TO …;', t.relname);
  END LOOP;
  FOR t IN
    WITH touched AS (
      SELECT objid AS oid FROM pg_event_trigger_ddl_commands()
      UNION SELECT d.oid FROM pg_event_trigger_ddl_commands() c JOIN workshop.descendants d ON d.ancestor = c.objid
    )
    SELECT k.name, c.relpersistence, g.tgenabled, r.rulename
    FROM workshop.kept_tables k JOIN pg_class c USING (oid)
    LEFT JOIN workshop.guard_triggers g ON g.tgrelid = k.oid
    LEFT JOIN pg_rewrite r ON r.ev_class = k.oid AND r.ev_type = '4' AND r.oid IN (SELECT oid FROM touched)
    WHERE r.rulename IS NOT NULL OR (c.relpersistence = 'u' OR g.tgenabled IN ('D', 'R')) AND k.oid IN (SELECT oid FROM touched)
  LOOP
    IF t.relpersistence = 'u' THEN
      RAISE EXCEPTION '% was not made unlogged: PostgreSQL empties an unlogged table after a crash.', t.name
        USING ERRCODE = 'WK001', HINT = 'Leave out UNLOGGED.';
    ELSIF t.rulename IS NOT NULL THEN
      RAISE EXCEPTION 'The rule % was not made: on a DELETE from % it would run before the guard.', t.rulename, t.name
        USING ERRCODE = 'WK001', HINT = 'Nothing is ever deleted from PROD, so there is nothing to do for it.';
    ELSE
      RAISE EXCEPTION 'The guard''s trigger on % was not disabled: it keeps rows from being deleted.', t.name
        USING ERRCODE = 'WK001', HINT = format('Your own triggers are disabled by name:  ALTER TABLE %I DISABLE TRIGGER …;', t.name);
    END IF;
  END LOOP;
END $$;

-- A rewrite for a column's type or USING, in a table of which nothing was counted.
CREATE OR REPLACE FUNCTION workshop.guard_rewrite() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t text := (SELECT name FROM workshop.kept_tables WHERE oid = pg_event_trigger_table_rewrite_oid());
BEGIN
  IF t IS NOT NULL AND pg_event_trigger_table_rewrite_reason() & 4 <> 0 AND NOT EXISTS (
    SELECT FROM workshop.guard_notes WHERE pid = pg_backend_pid() AND table_oid = pg_event_trigger_table_rewrite_oid() AND fingerprint IS NOT NULL)
  THEN
    RAISE EXCEPTION 'A type in % was not changed: its values were not counted before.', t
      USING ERRCODE = 'WK001', HINT = 'Change it by a statement that names table and column, with the isolation level READ COMMITTED.';
  END IF;
END $$;

-- Refuses when a value of the column, cast back to the old type, is not what it was, and is not kept elsewhere.
CREATE OR REPLACE FUNCTION workshop.check_type_change(t oid, c int2) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  was     workshop.guard_notes := (SELECT n FROM workshop.guard_notes n WHERE pid = pg_backend_pid() AND table_oid = t AND attnum = c);
  type    text := format_type(was.atttypid, was.atttypmod);
  via     text;
  is_kept boolean := was.lost = 0 AND NOT EXISTS (
    SELECT FROM workshop.guard_notes n JOIN workshop.kept_columns k USING (table_oid, attnum)
    WHERE n.pid = pg_backend_pid() AND table_oid || '.' || attnum = ANY (was.kept_in)
      AND (n.atttypid, n.atttypmod) IS DISTINCT FROM (k.atttypid, k.atttypmod));
  here    record;
BEGIN
  IF was."values" = 0 OR is_kept THEN RETURN; END IF;
  IF was.fingerprint IS NULL THEN
    RAISE EXCEPTION 'The type of % was not changed: its values were not counted before.', was.name
      USING ERRCODE = 'WK001', HINT = 'Change it by a statement that names table and column, with the isolation level READ COMMITTED.';
  END IF;
  FOREACH via IN ARRAY ARRAY['', '::text'] LOOP
    BEGIN
      SELECT * INTO here FROM workshop.fingerprints(t, ARRAY[c], true, was.atttypid, was.atttypmod, via);
      IF here."values" = was."values" AND here.fingerprint = was.fingerprint THEN RETURN; END IF;
    EXCEPTION WHEN data_exception OR syntax_error_or_access_rule_violation OR integrity_constraint_violation THEN
      NULL; -- What cannot be cast back is not what it was.
    END;
  END LOOP;
  RAISE EXCEPTION 'The type of % was not changed: cast back to %, its % values are not all what they were.', was.name, type, was."values"
    USING ERRCODE = 'WK001', HINT = E'Keep them first:\n' || was.hint;
END $$;

GRANT SELECT ON workshop.guard_triggers TO PUBLIC;

DO $$
DECLARE
  t text;
BEGIN
  PERFORM workshop.guard_new_tables();
  FOR t IN SELECT format('%s ENABLE TRIGGER %I', k.sql, g.tgname) FROM workshop.kept_tables k JOIN workshop.guard_triggers g ON g.tgrelid = k.oid
           WHERE g.tgenabled IN ('D', 'R') LOOP
    EXECUTE 'ALTER TABLE ' || t;
  END LOOP;
END $$;
CREATE EVENT TRIGGER workshop_guard_before ON ddl_command_start
  WHEN TAG IN ('ALTER TABLE', 'DROP TABLE', 'DROP SCHEMA', 'DROP OWNED', 'DROP TYPE', 'DROP DOMAIN', 'DROP FUNCTION')
  EXECUTE FUNCTION workshop.guard_before();
CREATE EVENT TRIGGER workshop_guard_drop ON sql_drop EXECUTE FUNCTION workshop.guard_drop();
CREATE EVENT TRIGGER workshop_guard_after ON ddl_command_end EXECUTE FUNCTION workshop.guard_after();
CREATE EVENT TRIGGER workshop_guard_rewrite ON table_rewrite EXECUTE FUNCTION workshop.guard_rewrite();
ALTER EVENT TRIGGER workshop_guard_before ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_drop ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_after ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_rewrite ENABLE ALWAYS;
