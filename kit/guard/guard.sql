-- The guard of PROD: nothing that would lose a value gets through, whatever client sends it.
--
-- Two things do it. A trigger on every table refuses DELETE and TRUNCATE. Event triggers stand around each command that may
-- drop a column or a table, or give a column another type: before it, the values that it names are counted and each gets
-- a mark (ddl_command_start); after it, each mark has to be found again, in what stands there then (sql_drop,
-- ddl_command_end). What is gone and was not counted is refused: the guard fails closed.
--
-- The mark of a value is a hash of its text and of the key of its row. It is found again in the same column, cast back to
-- the type that it had; in a table of schema archive; or in a column of the same table that was made or filled since the
-- last deploy. In a table without a key, the whole row is its key. What repeats a value by coincidence is no place for it:
-- no key of another name, nothing under the name of another column of the table, and nothing of another name for a column
-- that holds one value again and again.
--
-- A rename is never in the way: a column is known by its number, not by its name.
--
-- It stands against the mistakes of people and tools, whatever client they use. It ends at UPDATE, which an application
-- needs (what a deploy overwrites, the ledger reports), at a superuser, and at values that are overwritten one by one.
--
-- Runs as superuser, after ledger.sql. Can be run again. What it refuses has the SQLSTATE WK001.

-- Of an older guard.
DROP TABLE IF EXISTS workshop.guard_notes, workshop.guard_open, workshop.guard_scripts CASCADE;
DROP VIEW IF EXISTS workshop.descendants;
DROP FUNCTION IF EXISTS workshop.columns_at_risk(text, text), workshop.tables_at_risk(text, text), workshop.note_columns(oid, int2[], boolean, boolean), workshop.count_lost(oid, int2, boolean),
  workshop.count_lost_rows(oid, text), workshop.check_type_change(oid, int2), workshop.same_key(oid, text[], oid, text[]), workshop.guard_new_tables(),
  workshop.without_comments(text), workshop.names(text, text);

-- The command of each session that something is noted for, until it ends.
CREATE UNLOGGED TABLE workshop.guard_open (
  pid     int PRIMARY KEY,
  command bigint NOT NULL GENERATED ALWAYS AS IDENTITY
);

-- The columns of the tables that a command names, until it ends; attnum 0 is a whole table. "values" is NULL where
-- nothing was counted. key_part is a column's place in the key of the table.
CREATE UNLOGGED TABLE workshop.guard_notes (
  command     bigint NOT NULL,
  table_oid   oid NOT NULL,
  attnum      int2 NOT NULL,
  table_name  text NOT NULL,
  column_name text,
  key_part    int,
  atttypid    oid,
  atttypmod   int,
  is_generated boolean NOT NULL DEFAULT false,
  may_go      boolean NOT NULL DEFAULT false,
  -- By a command without USING.
  is_plain    boolean NOT NULL DEFAULT false,
  "rows"      bigint,
  "values"    bigint,
  fingerprint numeric,
  marks       bigint[],
  is_constant boolean NOT NULL DEFAULT false,
  -- Of json and text, the same again as read_loosely reads them.
  loosely     numeric,
  is_rewritten boolean NOT NULL DEFAULT false,
  hint        text,
  PRIMARY KEY (command, table_oid, attnum)
);

-- The commands of what a client has sent, and how many of them have begun.
CREATE UNLOGGED TABLE workshop.guard_scripts (
  pid      int PRIMARY KEY,
  sent_at  timestamptz NOT NULL,
  commands text[] NOT NULL,
  begun    int NOT NULL
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

------------------------------------------------------------------------------------------------ before: what is named?

CREATE OR REPLACE FUNCTION workshop.guard_before() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lc_messages = 'C' AS $$
DECLARE
  context   text;
  is_nested boolean;
  script    text;
BEGIN
  GET DIAGNOSTICS context = PG_CONTEXT;
  is_nested := position(E'\n' IN context) > 0;
  IF NOT is_nested THEN
    PERFORM workshop.close_command();
  ELSIF workshop.open_command() IS NOT NULL THEN
    RAISE EXCEPTION 'A % inside of another change is refused: the guard counts for one statement at a time.', tg_tag
      USING ERRCODE = 'WK001', HINT = 'Write the two as two statements.';
  END IF;

  script := CASE WHEN is_nested THEN workshop.statement_in(context) ELSE workshop.command_of_client(tg_tag) END;
  -- A name in Unicode escapes is not seen. An old snapshot does not see what others have written since, and a drop takes
  -- that too. In these cases nothing is counted, and what goes uncounted is refused.
  IF script IS NULL OR script ~* 'u&"' OR current_setting('transaction_isolation') <> 'read committed' THEN RETURN; END IF;

  PERFORM workshop.check_detach(script, workshop.words(script));
  PERFORM workshop.note_columns(r.table_oid, r.named, r.retypes, r.drops, r.widens, r.loosens) FROM workshop.columns_at_risk(tg_tag, script) AS r ORDER BY r.table_oid;
  PERFORM workshop.note_table(r.oid) FROM workshop.tables_at_risk(tg_tag, script) AS r ORDER BY r.oid;
END $$;

-- DETACH … CONCURRENTLY commits before the end of the command: then it is too late to refuse it.
CREATE OR REPLACE FUNCTION workshop.check_detach(command text, words name[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  leaving regclass;
BEGIN
  IF NOT words @> '{detach,concurrently}' THEN RETURN; END IF;
  SELECT c.oid INTO leaving FROM workshop.tables_named(command, words) AS t JOIN pg_class c ON c.oid = t.oid
  JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class parent ON parent.oid = i.inhparent
  WHERE c.relispartition AND workshop.is_named(c.relname, command, words) AND workshop.is_named(parent.relname, command, words) AND NOT workshop.is_inside(c.oid);
  IF leaving IS NULL THEN RETURN; END IF;
  RAISE EXCEPTION '% was not detached: its values would leave public and archive.', leaving
    USING ERRCODE = 'WK001', HINT = format('Let it come in first:  ALTER TABLE %s SET SCHEMA public;', leaving);
END $$;

-- The command of this session that notes are kept for.
CREATE OR REPLACE FUNCTION workshop.open_command() RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT command FROM workshop.guard_open WHERE pid = pg_backend_pid()
$$;

CREATE OR REPLACE FUNCTION workshop.close_command() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM workshop.guard_notes WHERE command = (SELECT workshop.open_command());
  DELETE FROM workshop.guard_open WHERE pid = pg_backend_pid();
$$;

-- The text of the command that begins now, or more than that: what the client has sent, cut into its commands where that
-- can be done without doubt. Cut once, counted on from there.
CREATE OR REPLACE FUNCTION workshop.command_of_client(tag text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  script workshop.guard_scripts;
BEGIN
  UPDATE workshop.guard_scripts SET begun = begun + 1 WHERE pid = pg_backend_pid() AND sent_at = statement_timestamp() RETURNING * INTO script;
  IF script IS NULL THEN
    script := (pg_backend_pid(), statement_timestamp(), workshop.commands_in(current_query()), 1);
    INSERT INTO workshop.guard_scripts SELECT script.*
    ON CONFLICT (pid) DO UPDATE SET sent_at = excluded.sent_at, commands = excluded.commands, begun = 1;
  END IF;
  -- One that is not cut stands for every command in it.
  IF cardinality(script.commands) = 1 THEN RETURN script.commands[1]; END IF;
  IF script.commands[script.begun] ~* ('^' || replace(tag, ' ', workshop.gap() || '+') || $re$\M$re$) THEN RETURN script.commands[script.begun]; END IF;
  RETURN current_query();
END $$;

-- What can stand between two words.
CREATE OR REPLACE FUNCTION workshop.gap() RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT $re$(?:\s|--[^\n\r]*(?:[\n\r]|$)|/\*(?:[^*/]|\*(?!/)|/(?!\*))*\*/)$re$
$$;

-- The commands of a script that the guard looks at, or one text with all of them. A script that may take steps back is
-- not cut, for then they are not one after the other, and neither is one with what only PostgreSQL's own parser can read.
-- The longest match is the one that is found: each piece has to end where it does, or a quote in a comment begins a string.
CREATE OR REPLACE FUNCTION workshop.commands_in(script text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parts text[];
BEGIN
  IF script !~* $re$\m(?:rollback|abort|savepoint|prepare|standard_conforming_strings)\M|\me'$re$ AND current_setting('standard_conforming_strings') = 'on' THEN
    SELECT array_agg(m[1]) INTO parts FROM regexp_matches(script,
      $re$(?:[^;'"$/-]|'[^']*'|"[^"]*"|--[^\n\r]*(?=[\n\r]|$)|-(?!-)|/\*(?:[^*/]|\*(?!/)|/(?!\*))*\*/|/(?!\*)|(?<![A-Za-z0-9_$]|[^\u0001-\u007f])\$\$(?:[^$]|\$(?!\$))*\$\$)+;?|;$re$, 'g') AS m;
    IF array_to_string(parts, '') = script THEN
      RETURN (SELECT coalesce(array_agg(regexp_replace(part, '^' || workshop.gap() || '+', '') ORDER BY n), '{}') FROM unnest(parts) WITH ORDINALITY AS p (part, n)
              WHERE part ~* ('^' || workshop.gap() || '*(?:alter' || workshop.gap() || '+table|drop' || workshop.gap() || $re$+(?:table|schema|owned|type|domain|function|routine))\M$re$));
    END IF;
  END IF;
  RETURN ARRAY[substring(script FROM $re$(?i)\m(?:alter|drop)\M.*$re$)];
END $$;

-- The words of a command, in small letters and as long as names can be.
CREATE OR REPLACE FUNCTION workshop.words(command text) RETURNS name[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(DISTINCT left(word, 63)::name) FROM regexp_split_to_table(lower(command COLLATE "C"), $re$[\s!-#%-/:-@\[-^`{-~]+$re$) AS word
$$;

-- Whether a name may occur in a command: as a word of it, or in quotes.
CREATE OR REPLACE FUNCTION workshop.is_named(name text, command text, words name[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN name COLLATE "C" ~ '^[a-z_][a-z0-9_$]*$' THEN name::name = ANY (words)
    ELSE position(lower(replace(name, '"', '""') COLLATE "C") IN lower(command COLLATE "C")) > 0 END
$$;

-- The guarded tables that a command names, and all below them.
CREATE OR REPLACE FUNCTION workshop.tables_named(command text, words name[]) RETURNS TABLE (oid oid)
LANGUAGE sql STABLE ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE named AS (
    SELECT c.oid FROM pg_class c WHERE c.relname = ANY (words) AND c.relkind IN ('r', 'p')
    UNION
    SELECT c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relname !~ '^[a-z_][a-z0-9_$]*$' AND workshop.is_named(c.relname, command, words)
    UNION
    SELECT i.inhrelid FROM named JOIN pg_inherits i ON i.inhparent = named.oid
  )
  SELECT named.oid FROM named WHERE EXISTS (SELECT FROM workshop.guard_triggers g WHERE g.tgrelid = named.oid)
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
    -- A generated column goes with a function, any other with its type.
    RETURN QUERY SELECT a.attrelid, array_agg(a.attnum), false, true, NULL::text[], false
      FROM workshop.guard_triggers g JOIN pg_attribute a ON a.attrelid = g.tgrelid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = y.typelem
      WHERE a.attgenerated <> '' AND tag IN ('DROP FUNCTION', 'DROP ROUTINE', 'DROP SCHEMA', 'DROP OWNED')
        OR y.typnamespace <> 'pg_catalog'::regnamespace AND (tag IN ('DROP SCHEMA', 'DROP OWNED')
          OR tag IN ('DROP TYPE', 'DROP DOMAIN') AND workshop.is_named(coalesce(e.typname, y.typname), command, words))
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
$$;

------------------------------------------------------------------------------------------------------ before: counting

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
  INSERT INTO workshop.guard_notes (command, table_oid, attnum, table_name, column_name, key_part, atttypid, atttypmod, is_generated, may_go, is_plain, "values")
  SELECT (SELECT workshop.open_command()), t, attnum, c.relname, attname, array_position(key, attnum) - array_lower(key, 1), atttypid, atttypmod, attgenerated <> '', drops, widens IS NOT NULL,
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
    IF EXISTS (SELECT FROM workshop.places(n)) THEN placed := placed || n.attnum; END IF;
  END LOOP;
  IF noted = '{}' THEN RETURN; END IF;
  FOR here IN SELECT * FROM workshop.read_values(t, key, texts, placed <> '{}') LOOP
    UPDATE workshop.guard_notes SET "rows" = here."rows", "values" = here."values", fingerprint = here.fingerprint,
      marks = CASE WHEN attnum = ANY (placed) THEN here.marks END, hint = CASE WHEN here."rows" > 0 THEN workshop.archive_sql(t, NULLIF(ARRAY[attnum], '{0}')) END
    WHERE command = (SELECT workshop.open_command()) AND table_oid = t AND attnum = noted[here.n] RETURNING * INTO n;
    IF n.attnum = 0 THEN
      EXECUTE format('SELECT coalesce(sum(num_nonnulls(%s)), 0) FROM ONLY %s AS t',
        (SELECT coalesce(string_agg(format('t.%I', column_name), ', '), 'NULL') FROM workshop.guard_notes c
         WHERE c.command = n.command AND c.table_oid = t AND c.attnum > 0 AND NOT c.is_generated), t::regclass) INTO n."values";
    ELSIF n."values" > 0 AND EXISTS (SELECT FROM workshop.places(n) AS p WHERE NOT p.has_name) THEN
      EXECUTE format('SELECT min(v) = max(v) AND (count(v) > 1 OR %L) FROM (SELECT %s AS v FROM ONLY %s AS t) AS x', n.atttypid = 'bool'::regtype, workshop.as_noted(n, ''), t::regclass) INTO n.is_constant;
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

---------------------------------------------------------------------------------------- after: is it there, somewhere?

-- How many of the noted values are found in no place, as places are now. As often as a mark is noted, it has to be found.
CREATE OR REPLACE FUNCTION workshop.count_lost(n workshop.guard_notes) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET work_mem = '64MB'
SET datestyle = 'ISO' SET intervalstyle = 'iso_8601' SET extra_float_digits = 3 SET bytea_output = 'hex' SET lc_monetary = 'C' AS $$
DECLARE
  places text[] := ARRAY(SELECT sql FROM workshop.places(n));
  lost   bigint := CASE n.attnum WHEN 0 THEN n."rows" ELSE n."values" END;
  place  text;
  is_all boolean;
BEGIN
  IF lost = 0 OR n.marks IS NULL OR places = '{}' THEN RETURN lost; END IF;
  -- Mostly one place has all of them, and nothing else: then their sum is the same.
  FOREACH place IN ARRAY places LOOP
    EXECUTE format('SELECT (count(m), sum(m)) = ($1, $2) FROM (%s) AS x (m)', place) INTO is_all USING lost, n.fingerprint;
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
    SELECT d.object_identity, n.*, CASE WHEN n."values" IS NOT NULL THEN workshop.count_lost(n) END AS lost
    FROM pg_event_trigger_dropped_objects() d
    LEFT JOIN workshop.guard_notes n ON n.command = (SELECT workshop.open_command()) AND n.table_oid = d.objid AND n.attnum = d.objsubid
    WHERE d.classid = 'pg_class'::regclass AND NOT d.is_temporary AND d.object_type IN ('table', 'table column')
      AND (d.schema_name IN ('public', 'archive') OR n.command IS NOT NULL OR d.objid IN (SELECT tgrelid FROM workshop.guard_triggers)
      OR EXISTS (SELECT FROM pg_event_trigger_dropped_objects() g WHERE g.object_type = 'trigger'
                 AND g.address_names = d.address_names[1:2] || ARRAY['workshop_guard']))
    ORDER BY lost DESC NULLS FIRST, d.object_identity
  LOOP
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

  FOR gone IN
    -- The types that are made of the row type of a table or type that has lost a column.
    WITH RECURSIVE parts AS (
      SELECT d.object_identity, y.oid AS type FROM pg_event_trigger_dropped_objects() d JOIN pg_type y ON y.typrelid = d.objid
      WHERE d.classid = 'pg_class'::regclass AND d.objsubid > 0
      UNION
      SELECT p.object_identity, y.oid FROM parts p JOIN pg_depend u ON u.refclassid = 'pg_type'::regclass AND u.refobjid = p.type
      JOIN pg_type y ON u.classid = 'pg_type'::regclass AND y.oid = u.objid OR u.classid = 'pg_class'::regclass AND y.typrelid = u.objid
    )
    SELECT p.object_identity, a.attrelid::regclass || '.' || a.attname AS name
    FROM parts p JOIN pg_depend u ON u.refclassid = 'pg_type'::regclass AND u.refobjid = p.type AND u.classid = 'pg_class'::regclass AND u.objsubid > 0
    JOIN pg_attribute a ON a.attrelid = u.objid AND a.attnum = u.objsubid AND NOT a.attisdropped
    WHERE EXISTS (SELECT FROM workshop.guard_triggers g WHERE g.tgrelid = u.objid)
  LOOP
    RAISE EXCEPTION '% was not dropped: values of % may hold it.', gone.object_identity, gone.name
      USING ERRCODE = 'WK001', HINT = 'Make a new type and a new column of it, copy the values, then archive and drop the old column.';
  END LOOP;

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
BEGIN
  IF n."values" IS NULL THEN
    RAISE EXCEPTION 'The type of % was not changed: its values were not counted before.', name
      USING ERRCODE = 'WK001', HINT = 'Change it by a statement that names table and column, with the isolation level READ COMMITTED.';
  END IF;
  IF n."values" = 0 OR workshop.intact(n.table_oid, ARRAY[n.attnum], '') <> '{}' OR workshop.intact(n.table_oid, ARRAY[n.attnum], '::text') <> '{}'
    OR (SELECT (n.atttypid, a.atttypid) IN (('json'::regtype, 'jsonb'::regtype), ('text'::regtype, 'uuid'::regtype), ('varchar'::regtype, 'uuid'::regtype))
        FROM pg_attribute a WHERE a.attrelid = n.table_oid AND a.attnum = n.attnum) AND n.loosely = workshop.count_loosely(n)
    OR workshop.count_lost(n) = 0
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
  IF tg_tag IN ('ALTER TABLE', 'DROP TABLE', 'DROP SCHEMA', 'DROP OWNED', 'DROP TYPE', 'DROP DOMAIN', 'DROP FUNCTION', 'DROP ROUTINE')
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

GRANT SELECT ON workshop.guard_triggers, workshop.guard_move_triggers, workshop.guard_merge_triggers, workshop.own_triggers TO PUBLIC;

DO $$
DECLARE
  t text;
BEGIN
  PERFORM workshop.guard_table(oid) FROM workshop.kept_tables WHERE NOT workshop.is_guarded(oid);
  FOR t IN SELECT format('%s ENABLE TRIGGER %I', k.sql, g.tgname) FROM workshop.kept_tables k
           JOIN workshop.own_triggers g ON g.tgrelid = k.oid
           WHERE g.tgenabled IN ('D', 'R') LOOP
    EXECUTE 'ALTER TABLE ' || t;
  END LOOP;
END $$;
CREATE EVENT TRIGGER workshop_guard_before ON ddl_command_start
  WHEN TAG IN ('ALTER TABLE', 'DROP TABLE', 'DROP SCHEMA', 'DROP OWNED', 'DROP TYPE', 'DROP DOMAIN', 'DROP FUNCTION', 'DROP ROUTINE')
  EXECUTE FUNCTION workshop.guard_before();
CREATE EVENT TRIGGER workshop_guard_drop ON sql_drop EXECUTE FUNCTION workshop.guard_drop();
CREATE EVENT TRIGGER workshop_guard_after ON ddl_command_end EXECUTE FUNCTION workshop.guard_after();
CREATE EVENT TRIGGER workshop_guard_rewrite ON table_rewrite EXECUTE FUNCTION workshop.guard_rewrite();
ALTER EVENT TRIGGER workshop_guard_before ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_drop ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_after ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_rewrite ENABLE ALWAYS;
