-- Before a command: what stands there is counted, and each value gets its mark.

-- Notes all columns of a table, and counts those that are named, under the lock that the command takes anyway.
CREATE OR REPLACE FUNCTION workshop.note_columns(t oid, named int2[], retypes boolean, drops boolean, widens text[], loosens boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kind "char" := (SELECT relkind FROM pg_class WHERE oid = t);
  key  int2[] := workshop.key_of(t);
BEGIN
  EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', t::regclass);
  INSERT INTO workshop.guard_open (pid) VALUES (pg_backend_pid()) ON CONFLICT DO NOTHING;
  -- Another key for a row gives it the values of another row, and without a key they are nobody's: all of them are counted.
  IF drops AND named && key
    OR retypes AND (SELECT array_agg(a.attnum) FROM pg_attribute a WHERE attrelid = t AND attnum = ANY (named) AND NOT workshop.is_wider_than(a.atttypid, widens)) && key
  THEN
    named := (SELECT array_agg(attnum) FROM pg_attribute WHERE attrelid = t AND attnum > 0 AND NOT attisdropped);
  END IF;
  -- What the marks are made of: what is named, the key, in a table without a key all columns; and what goes with others.
  -- A generated column can be worked out again. A partitioned table has no rows of its own; its partitions are counted each.
  INSERT INTO workshop.guard_notes (command, table_oid, attnum, table_name, column_name, key_part, atttypid, atttypmod, is_generated, may_go, is_plain, may_fill, "values")
  SELECT (SELECT workshop.open_command()), t, attnum, c.relname, attname, array_position(key, attnum) - array_lower(key, 1), atttypid, atttypmod, attgenerated <> '', drops, widens IS NOT NULL, retypes AND widens IS NULL AND NOT attnotnull,
         CASE WHEN attgenerated <> '' OR kind = 'p' THEN 0 END
  FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE attrelid = t AND attnum > 0 AND NOT attisdropped
    AND (key IS NULL OR named IS NULL OR attnum = ANY (key || named) OR attgenerated <> '')
  ON CONFLICT DO NOTHING;
  PERFORM workshop.count_notes(t, ARRAY(
    SELECT a.attnum FROM pg_attribute a WHERE attrelid = t AND attnum = ANY (named) AND NOT workshop.is_wider_than(a.atttypid, widens)));
  IF loosens THEN
    UPDATE workshop.guard_notes n SET loosely = workshop.count_loosely(n)
    WHERE command = (SELECT workshop.open_command()) AND table_oid = t AND "values" > 0 AND atttypid IN ('json'::regtype, 'text'::regtype, 'varchar'::regtype);
  END IF;
END $$;

-- The types that a command without USING names, where each of them holds all that narrower ones hold; NULL for another
-- command. Then nothing needs to be counted: at the end the catalogs say which types they were.
CREATE OR REPLACE FUNCTION workshop.wide_types(command text, words name[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN 'using' <> ALL (words) THEN coalesce((
    SELECT array_agg(coalesce(m[1], '')) FROM regexp_matches(lower(command), $re$\mtype\M(?:\s+(bigint|int8|numeric|text|varchar)\M(?!\s*(?:\(|\[|\.)))?$re$, 'g') AS m), '{}') END
$$;

-- Whether PostgreSQL's own cast from one type to another loses nothing, whatever the value.
CREATE OR REPLACE FUNCTION workshop.is_wider(old oid, old_typmod int, new oid, new_typmod int) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (old, old_typmod) = (new, new_typmod)
    OR new = 'int4'::regtype AND old = 'int2'::regtype
    OR new = 'int8'::regtype AND old IN ('int2'::regtype, 'int4'::regtype)
    OR new = 'numeric'::regtype AND new_typmod = -1 AND old IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
    OR (new = 'text'::regtype OR new = 'varchar'::regtype AND (new_typmod = -1 OR old = new AND old_typmod BETWEEN 0 AND new_typmod))
      AND old IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'text'::regtype, 'varchar'::regtype, 'uuid'::regtype)
$$;

CREATE OR REPLACE FUNCTION workshop.is_wider_than(old oid, types text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT bool_and(type <> '' AND workshop.is_wider(old, -1, to_regtype(type)::oid, -1)) FROM unnest(types) AS type), false)
$$;

-- Notes and counts a table that may go as a whole.
CREATE OR REPLACE FUNCTION workshop.note_table(t oid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM workshop.note_columns(t, NULL, false, true, NULL, false);
  INSERT INTO workshop.guard_notes (command, table_oid, attnum, table_name) SELECT workshop.open_command(), t, 0, relname FROM pg_class WHERE oid = t;
  PERFORM workshop.count_notes(t, '{0}');
END $$;

-- Counts what is noted, in one reading of the table; with its marks, where there is a place in which they may be found again.
CREATE OR REPLACE FUNCTION workshop.count_notes(t oid, named int2[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  n      workshop.guard_notes;
  own    record;
  here   record;
  key    text;
  texts  text[] := '{}';
  noted  int2[] := '{}';
  placed int2[] := '{}';
BEGIN
  FOR n IN SELECT * FROM workshop.guard_notes g WHERE command = (SELECT workshop.open_command()) AND table_oid = t AND attnum = ANY (named) AND g."values" IS NULL LOOP
    SELECT * INTO own FROM workshop.sql_of(n, '');
    key := own.key;
    noted := noted || n.attnum;
    texts := texts || own.value;
    IF n.may_fill OR EXISTS (SELECT FROM workshop.places(n)) THEN placed := placed || n.attnum; END IF;
  END LOOP;
  IF noted = '{}' THEN RETURN; END IF;
  FOR here IN SELECT * FROM workshop.read_values(t, key, texts, placed <> '{}') LOOP
    UPDATE workshop.guard_notes SET "rows" = here."rows", "values" = here."values", fingerprint = here.fingerprint,
      marks = CASE WHEN attnum = ANY (placed) THEN here.marks END, hint = CASE WHEN here."rows" > 0 THEN workshop.archive_sql(t, NULLIF(ARRAY[attnum], '{0}')) END
    WHERE command = (SELECT workshop.open_command()) AND table_oid = t AND attnum = noted[here.n] RETURNING * INTO n;
    IF n.attnum = 0 THEN
      n."values" := workshop.answer(format('SELECT coalesce(sum(num_nonnulls(%s)), 0) FROM ONLY %s AS t',
        (SELECT coalesce(string_agg(format('t.%I', column_name), ', '), 'NULL') FROM workshop.guard_notes c
         WHERE c.command = n.command AND c.table_oid = t AND c.attnum > 0 AND NOT c.is_generated), t::regclass));
    ELSIF n."values" > 0 AND EXISTS (SELECT FROM workshop.places(n) AS p WHERE NOT p.has_name) THEN
      n.is_constant := workshop.answer(format('SELECT min(v) = max(v) AND (count(v) > 1 OR %L) FROM (SELECT %s AS v FROM ONLY %s AS t) AS x', n.atttypid = 'bool'::regtype, workshop.as_noted(n, ''), t::regclass));
    END IF;
    UPDATE workshop.guard_notes SET "values" = n."values", is_constant = n.is_constant WHERE command = n.command AND table_oid = t AND attnum = n.attnum;
  END LOOP;
END $$;

-- SQL for a noted column's text as it was, from what stands there now; NULL when the column is gone. Read 'loosely', json
-- that becomes jsonb may lose its blanks and the order of its pairs, but no pair; text that becomes a uuid its capitals.
CREATE OR REPLACE FUNCTION workshop.as_noted(n workshop.guard_notes, via text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN via = 'loosely' AND n.atttypid = 'json'::regtype THEN
      format($f$t.%1$I::jsonb::text || length(regexp_replace(t.%1$I::text, $re$"(?:\\.|[^"\\])*"|[^:]$re$, '', 'g'))$f$, a.attname)
    WHEN via = 'loosely' THEN format($f$lower(translate(t.%I::text, '{}-', ''))$f$, a.attname)
    WHEN (a.atttypid, a.atttypmod) = (n.atttypid, n.atttypmod) THEN workshop.text_sql(a.atttypid, format('t.%I', a.attname))
    WHEN via = 'output' THEN workshop.output_sql(format('t.%I', a.attname))
    WHEN via = 'alone' AND a.atttypid IN ('json'::regtype, 'jsonb'::regtype) THEN format('(t.%I #>> ''{}'') COLLATE "C"', a.attname)
    WHEN via = 'alone' AND EXISTS (SELECT FROM pg_type e WHERE e.typarray = a.atttypid) THEN
      format('CASE WHEN cardinality(t.%1$I) = 1 AND array_ndims(t.%1$I) = 1 THEN %2$s END', a.attname,
        workshop.output_sql(format('(t.%1$I)[array_lower(t.%1$I, 1)]', a.attname)))
    ELSE workshop.cast_sql(a.atttypid, format('t.%I', a.attname), n.atttypid, n.atttypmod, via) END
  FROM pg_attribute a WHERE a.attrelid = n.table_oid AND a.attnum = n.attnum AND NOT a.attisdropped
$$;

CREATE OR REPLACE FUNCTION workshop.count_loosely(n workshop.guard_notes) RETURNS numeric
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT x.fingerprint FROM workshop.sql_of(n, '') AS own, workshop.read_values(n.table_oid, own.key, ARRAY[workshop.as_noted(n, 'loosely')]) AS x);
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END $$;

-- SQL for the key of a noted value's row, and for the value; `instead` of which another SQL may stand. The value of a table
-- without a key, and of one that is noted as a whole, is the whole row. NULL when a part of it is gone.
CREATE OR REPLACE FUNCTION workshop.sql_of(n workshop.guard_notes, via text, instead text DEFAULT NULL, OUT key text, OUT value text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own       text := coalesce(instead, workshop.as_noted(n, via));
  key_texts text[];
  row_texts text[];
BEGIN
  SELECT array_agg(workshop.as_noted(c, via) ORDER BY key_part) INTO key_texts
  FROM workshop.guard_notes c WHERE c.command = n.command AND c.table_oid = n.table_oid AND c.key_part IS NOT NULL AND n.attnum > 0;
  key := workshop.row_sql(key_texts);
  value := own;
  IF key_texts IS NULL THEN
    SELECT array_agg(CASE c.attnum WHEN n.attnum THEN own ELSE workshop.as_noted(c, via) END ORDER BY attnum) INTO row_texts
    FROM workshop.guard_notes c WHERE c.command = n.command AND c.table_oid = n.table_oid AND c.attnum > 0 AND NOT c.is_generated;
    value := workshop.row_sql(row_texts);
    IF n.attnum > 0 THEN value := format('CASE WHEN %s IS NOT NULL THEN %s END', own, value); END IF;
  END IF;
END $$;

-- Where a noted value may stand, and SQL for the marks of what stands there now.
CREATE OR REPLACE FUNCTION workshop.places(n workshop.guard_notes) RETURNS TABLE (place text, has_name boolean, sql text)
LANGUAGE plpgsql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  names   text[];
  key     text[];
  own_key int2[];
  others  text[];
BEGIN
  SELECT array_agg(column_name ORDER BY attnum) FILTER (WHERE NOT is_generated), array_agg(column_name ORDER BY key_part) FILTER (WHERE key_part IS NOT NULL),
         array_agg(attnum) FILTER (WHERE key_part IS NOT NULL)
  INTO names, key, own_key FROM workshop.guard_notes WHERE command = n.command AND table_oid = n.table_oid AND attnum > 0;
  others := ARRAY(SELECT column_name FROM workshop.guard_notes WHERE command = n.command AND table_oid = n.table_oid AND attnum > 0
    UNION SELECT attname FROM pg_attribute WHERE attrelid = n.table_oid AND attnum > 0 AND NOT attisdropped);
  IF n.attnum = 0 OR key IS NULL THEN
    RETURN QUERY SELECT k.sql, true, workshop.marks_sql(k.sql, quote_literal(''), workshop.row_sql(workshop.texts_of(k.oid, names)))
      FROM workshop.archives k WHERE k.oid <> n.table_oid AND workshop.has_columns(k.oid, names);
  ELSE
    RETURN QUERY SELECT format('%s.%I', k.sql, x.attname), x.attname = n.column_name, workshop.marks_sql(k.sql, workshop.row_sql(workshop.texts_of(k.oid, k.names)),
        workshop.text_sql(x.atttypid, format('t.%I', x.attname)))
      FROM (SELECT oid, a.sql, CASE WHEN workshop.has_columns(oid, key) THEN key ELSE workshop.key_names(oid) END AS names FROM workshop.archives a) AS k
      JOIN pg_attribute x ON x.attrelid = k.oid AND x.attnum > 0 AND NOT x.attisdropped AND x.attgenerated = ''
      WHERE k.oid <> n.table_oid AND cardinality(k.names) = cardinality(key) AND (x.attname = n.column_name
        OR n.may_go AND NOT n.is_constant AND x.atttypid = n.atttypid AND x.attname <> ALL (k.names) AND x.attnum <> ALL (coalesce(workshop.key_of(k.oid), '{}'))
          AND x.attname <> ALL (others));
  END IF;
  RETURN QUERY
    WITH new AS MATERIALIZED (
      SELECT y.attname AS name, workshop.text_sql(y.atttypid, format('t.%I', y.attname)) AS text
      FROM pg_attribute y LEFT JOIN workshop.known_columns known ON (known.table_oid, known.attnum) = (y.attrelid, y.attnum)
      WHERE n.attnum > 0 AND NOT n.is_constant AND y.attrelid = n.table_oid AND y.attnum > 0 AND y.attnum <> n.attnum
        AND NOT y.attisdropped AND y.attgenerated = '' AND y.attnum <> ALL (coalesce(own_key, '{}'))
        AND (known.table_oid IS NULL OR known."values" = 0 OR known.copy_of = n.attnum)
    )
    SELECT format('%I.%I', n.table_name, new.name), false, workshop.marks_sql(n.table_oid::regclass::text, own.key, own.value)
    FROM new, workshop.sql_of(n, '', new.text) AS own WHERE own.key IS NOT NULL AND own.value IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION workshop.marks_sql(t text, key text, value text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('SELECT hashtextextended(%s, hashtextextended(%s, 0)) FROM ONLY %s AS t', value, key, t)
$$;

CREATE OR REPLACE VIEW workshop.archives AS
SELECT c.oid, format('archive.%I', c.relname) AS sql FROM pg_class c
WHERE c.relnamespace = to_regnamespace('archive') AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');


CREATE OR REPLACE FUNCTION workshop.has_columns(t oid, names text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (SELECT unnest(names) EXCEPT SELECT attname::text FROM pg_attribute WHERE attrelid = t AND attnum > 0 AND NOT attisdropped AND attgenerated = '')
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
  names text[] := (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
                   WHERE attrelid = t AND attnum = ANY (columns) AND NOT attisdropped AND attgenerated = '' AND attname <> ALL (coalesce(key, '{}')));
  base  text;
  place text;
  n     int := 1;
BEGIN
  base := concat_ws('_', (SELECT relname FROM pg_class WHERE oid = t), names[1]);
  -- PostgreSQL cuts a name at 63 bytes, and the number behind it would be gone.
  WHILE octet_length(base) > 55 LOOP base := left(base, -1); END LOOP;
  place := base;
  WHILE to_regclass(format('archive.%I', place)) IS NOT NULL LOOP
    n := n + 1;
    place := base || '_' || n;
  END LOOP;
  -- Only who may make schemas may say CREATE SCHEMA IF NOT EXISTS, whether there is one or not.
  RETURN CASE WHEN to_regnamespace('archive') IS NULL THEN E'CREATE SCHEMA archive;\n' ELSE '' END || format(E'CREATE TABLE archive.%I AS\n  SELECT %s FROM %s;', place,
      CASE WHEN key IS NULL OR columns IS NULL THEN '*' ELSE workshop.list(key || names) END, (SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace WHERE c.oid = t))
    || CASE WHEN key IS NULL THEN '' ELSE format(E'\nALTER TABLE archive.%I ADD PRIMARY KEY (%s);', place, workshop.list(key)) END;
END $$;
