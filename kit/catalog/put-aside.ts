/**
 * Scripts that take the tables, views and enums that migrations have made out of schema `public`, into one that no
 * catalog shows. What models can name and cannot make stays: functions, extensions, domains, sequences. Then the models'
 * own tables are made.
 */
export const putAside: readonly string[] = [
  'RESET ALL;\nCREATE SCHEMA "workshop_aside";\n',
  // Alone, so that it can commit: of a thousand tables no server holds all locks at once.
  `DO $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT format('ALTER %s %s SET SCHEMA "workshop_aside"',
             CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
             c.oid::regclass) AS sql
    FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT format('ALTER TYPE %s SET SCHEMA "workshop_aside"', t.oid::regtype)
    FROM pg_type t
    WHERE t.typnamespace = to_regnamespace('public') AND t.typtype = 'e'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
  LOOP
    EXECUTE one.sql;
    COMMIT;
  END LOOP;
END $$;\n`,
  'CREATE SCHEMA IF NOT EXISTS "public";\nSET search_path TO "public";\n',
]
