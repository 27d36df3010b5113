-- Onto the tables that are there, and around each command from now on.

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
