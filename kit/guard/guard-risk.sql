-- What may go with a command: a column with its table, or with the type that it is made of, however far down.

-- Types, and all that is made of them: arrays, domains, ranges, composite types, the rows of tables.
CREATE OR REPLACE FUNCTION workshop.types_made_of(types oid[]) RETURNS TABLE (oid oid)
LANGUAGE sql STABLE ROWS 4 SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE made AS (
    SELECT unnest(types) AS oid
    UNION
    SELECT y.oid FROM made m JOIN pg_depend u ON u.refclassid = 'pg_type'::regclass AND u.refobjid = m.oid
    JOIN pg_type y ON u.classid = 'pg_type'::regclass AND y.oid = u.objid OR u.classid = 'pg_class'::regclass AND y.typrelid = u.objid
  )
  SELECT made.oid FROM made
$$;

-- The types that a command drops, by what it names: themselves, their schema or their extension.
CREATE OR REPLACE FUNCTION workshop.types_at_risk(tag text, command text, words name[]) RETURNS oid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT m.oid FROM workshop.types_made_of(ARRAY(
    SELECT y.oid FROM pg_type y WHERE tag IN ('DROP TYPE', 'DROP DOMAIN') AND y.typnamespace <> 'pg_catalog'::regnamespace
      AND (y.typname = ANY (words) OR y.typname !~ '^[a-z_][a-z0-9_$]*$' AND workshop.is_named(y.typname, command, words))
    UNION
    SELECT y.oid FROM pg_type y WHERE y.typnamespace = ANY (ARRAY(SELECT s.oid FROM pg_namespace s
      WHERE s.nspname <> 'pg_catalog' AND (tag = 'DROP OWNED' OR tag = 'DROP SCHEMA' AND workshop.is_named(s.nspname, command, words))))
    UNION
    SELECT d.objid FROM pg_depend d JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid
    WHERE d.classid = 'pg_type'::regclass AND d.deptype = 'e' AND tag IN ('DROP EXTENSION', 'DROP SCHEMA', 'DROP OWNED')
      AND (tag <> 'DROP EXTENSION' OR workshop.is_named(x.extname, command, words)))) AS m)
$$;

CREATE OR REPLACE FUNCTION workshop.collations_at_risk(tag text, command text, words name[]) RETURNS oid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT c.oid FROM pg_collation c JOIN pg_namespace s ON s.oid = c.collnamespace
    WHERE s.nspname <> 'pg_catalog' AND (tag = 'DROP OWNED' OR tag = 'DROP COLLATION' AND workshop.is_named(c.collname, command, words)
      OR tag = 'DROP SCHEMA' AND workshop.is_named(s.nspname, command, words)))
$$;

-- The columns that a command may drop or give another type, and their tables.
CREATE OR REPLACE FUNCTION workshop.columns_at_risk(tag text, command text)
RETURNS TABLE (table_oid oid, named int2[], retypes boolean, drops boolean, widens text[], loosens boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  words   name[] := workshop.words(command);
  is_type boolean := 'type' = ANY (words);
  is_drop boolean := regexp_replace(command, $re$\mdrop\s+(default|not\s+null|identity|expression|constraint)\M$re$, ' ', 'gi') ~* $re$\mdrop\M$re$;
BEGIN
  IF tag = 'ALTER TABLE' THEN
    IF NOT is_type AND NOT is_drop THEN RETURN; END IF;
    RETURN QUERY SELECT a.attrelid, array_agg(a.attnum), is_type, is_drop, CASE WHEN NOT is_drop THEN workshop.wide_types(command, words) END, words && '{jsonb,uuid}'::name[]
      FROM workshop.tables_named(command, words) AS t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE a.attname = ANY (words) OR a.attname !~ '^[a-z_][a-z0-9_$]*$' AND workshop.is_named(a.attname, command, words) GROUP BY a.attrelid;
  ELSIF 'cascade' = ANY (words) OR 'owned' = ANY (words) THEN
    -- A generated column goes with a function, any other with its type or its collation.
    RETURN QUERY SELECT a.attrelid, array_agg(a.attnum), false, true, NULL::text[], false
      FROM workshop.guard_triggers g JOIN pg_attribute a ON a.attrelid = g.tgrelid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE a.attgenerated <> '' AND tag IN ('DROP FUNCTION', 'DROP ROUTINE', 'DROP SCHEMA', 'DROP OWNED', 'DROP EXTENSION')
        OR a.atttypid = ANY ((SELECT workshop.types_at_risk(tag, command, words))::oid[])
        OR a.attcollation = ANY ((SELECT workshop.collations_at_risk(tag, command, words))::oid[])
      GROUP BY a.attrelid;
  END IF;
END $$;

-- The tables that it may drop.
CREATE OR REPLACE FUNCTION workshop.tables_at_risk(tag text, command text) RETURNS TABLE (oid oid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE w AS (SELECT workshop.words(command) AS words), going AS (
    SELECT c.oid FROM workshop.guard_triggers g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace, w
    WHERE tag = 'DROP OWNED' OR tag = 'DROP SCHEMA' AND workshop.is_named(s.nspname, command, words)
    UNION
    SELECT i.inhrelid FROM going JOIN pg_inherits i ON i.inhparent = going.oid
  )
  SELECT going.oid FROM going WHERE tag IN ('DROP OWNED', 'DROP SCHEMA') AND EXISTS (SELECT FROM workshop.guard_triggers g WHERE g.tgrelid = going.oid)
  UNION SELECT t.oid FROM w, workshop.tables_named(command, words) AS t WHERE tag = 'DROP TABLE'
  UNION SELECT c.oid FROM w, pg_class c JOIN workshop.guard_triggers g ON g.tgrelid = c.oid
    WHERE c.reloftype <> 0 AND tag <> 'ALTER TABLE' AND words && '{cascade,owned}' AND c.reloftype = ANY (workshop.types_at_risk(tag, command, words))
$$;

-- Whether anything stands in a column, or in a table at all, with what others have written until now: it waits for them. An
-- old snapshot cannot say.
CREATE OR REPLACE FUNCTION workshop.holds_value(t oid, name text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN RETURN true; END IF;
  EXECUTE format('LOCK TABLE ONLY %s IN SHARE MODE', t::regclass);
  RETURN workshop.answer(format('SELECT EXISTS (SELECT FROM ONLY %s AS t WHERE %s)', t::regclass,
    CASE WHEN name IS NULL THEN 'true' ELSE format('t.%I IS DISTINCT FROM NULL', name) END));
END $$;

-- The first column with a value that may hold what a type, or the row type of a table, has just lost.
CREATE OR REPLACE FUNCTION workshop.check_parts(type oid, part text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  holder record;
BEGIN
  FOR holder IN
    SELECT a.attrelid, a.attname FROM workshop.types_made_of(ARRAY[type]) AS m
    JOIN pg_depend u ON u.refclassid = 'pg_type'::regclass AND u.refobjid = m.oid AND u.classid = 'pg_class'::regclass AND u.objsubid > 0
    JOIN pg_attribute a ON a.attrelid = u.objid AND a.attnum = u.objsubid AND NOT a.attisdropped
    WHERE EXISTS (SELECT FROM workshop.guard_triggers g WHERE g.tgrelid = u.objid)
    ORDER BY 1, 2
  LOOP
    IF workshop.holds_value(holder.attrelid, holder.attname) THEN
      RAISE EXCEPTION '% was not dropped: values of % may hold it.', part, holder.attrelid::regclass || '.' || holder.attname
        USING ERRCODE = 'WK001', HINT = 'Make a new type and a new column of it, copy the values, then archive and drop the old column.';
    END IF;
  END LOOP;
END $$;
