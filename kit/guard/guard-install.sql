-- Onto the tables that are there, and around each command from now on.

-- What reads rows, reads as a role that may do nothing else: PostgreSQL plans a query, and runs what stands in an index or a
-- CHECK of somebody's own to do it.
DO $$
BEGIN
  IF to_regrole('workshop_reader') IS NULL THEN CREATE ROLE workshop_reader NOLOGIN BYPASSRLS IN ROLE pg_read_all_data; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- Another database was quicker.
END $$;
DO $$
DECLARE
  f regprocedure;
BEGIN
  FOREACH f IN ARRAY '{"workshop.read_values(oid,text,text[],boolean)","workshop.answer(text)","workshop.tells_apart(oid,int2)","workshop.count_lost(workshop.guard_notes,text)"}'::regprocedure[] LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO workshop_reader; ALTER FUNCTION %1$s SECURITY DEFINER; REVOKE ALL ON FUNCTION %1$s FROM PUBLIC', f);
  END LOOP;
END $$;

-- The one way to delete a large object, for which there is no trigger.
REVOKE EXECUTE ON FUNCTION pg_catalog.lo_unlink(oid) FROM PUBLIC;

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
  WHEN TAG IN ('ALTER TABLE', 'DROP TABLE', 'DROP SCHEMA', 'DROP OWNED', 'DROP TYPE', 'DROP DOMAIN', 'DROP FUNCTION', 'DROP ROUTINE', 'DROP EXTENSION', 'DROP COLLATION')
  EXECUTE FUNCTION workshop.guard_before();
CREATE EVENT TRIGGER workshop_guard_drop ON sql_drop EXECUTE FUNCTION workshop.guard_drop();
CREATE EVENT TRIGGER workshop_guard_after ON ddl_command_end EXECUTE FUNCTION workshop.guard_after();
CREATE EVENT TRIGGER workshop_guard_rewrite ON table_rewrite EXECUTE FUNCTION workshop.guard_rewrite();
ALTER EVENT TRIGGER workshop_guard_before ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_drop ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_after ENABLE ALWAYS;
ALTER EVENT TRIGGER workshop_guard_rewrite ENABLE ALWAYS;
