-- Before a command: which tables and columns does it name?

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
              WHERE part ~* ('^' || workshop.gap() || '*(?:alter' || workshop.gap() || '+table|drop' || workshop.gap() || $re$+(?:table|schema|owned|type|domain|function|routine|extension|collation))\M$re$));
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
