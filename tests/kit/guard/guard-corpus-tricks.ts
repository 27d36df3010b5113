import type { DestructiveCase } from './guard-corpus.ts'

const strike = 'DELETE FROM keyless'
const drop = 'ALTER TABLE recruits DROP COLUMN id_number'
const mayNot = ['42501', 'WK001']
const attacks = 'the guard' as const

/** Settings, roles, names and rights that would get around the guard. */
export const aroundTheGuard: DestructiveCase[] = [
  // settings
  { name: 'session_replication_role', attacks, ends: mayNot, sql: `SET session_replication_role = replica; ${strike}` },
  {
    name: 'session_replication_role by set_config',
    attacks,
    ends: mayNot,
    sql: `SELECT set_config('session_replication_role', 'replica', false); ${strike}`,
  },
  {
    name: 'session_replication_role as a setting of the role',
    attacks,
    ends: mayNot,
    sql: `ALTER ROLE prod SET session_replication_role = replica; ${strike}`,
  },
  {
    name: 'session_replication_role as a setting of a function',
    attacks,
    ends: mayNot,
    sql: `CREATE FUNCTION f() RETURNS void LANGUAGE sql SET session_replication_role = replica AS '${strike}'; SELECT f()`,
  },
  { name: 'event_triggers = off', attacks, ends: mayNot, sql: `SET event_triggers = off; DROP TABLE keyless` },
  {
    name: 'settings with the guard’s name',
    sql: `SET workshop.guard = 'off'; SET workshop.enabled = 'false'; SET workshop.pid = '0'; ${drop}`,
  },
  {
    name: 'check_function_bodies, row_security and other settings',
    sql: `SET check_function_bodies = off; SET row_security = off; SET default_transaction_read_only = off; SET transform_null_equals = on; ${drop}`,
  },
  { name: 'another role', attacks, ends: mayNot, sql: `SET ROLE postgres; ${strike}` },
  { name: 'another owner', attacks, ends: mayNot, sql: `ALTER TABLE keyless OWNER TO postgres; ${strike}` },
  {
    name: 'the transaction is made to look like READ COMMITTED',
    sql: `BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1; SET LOCAL default_transaction_isolation = 'read committed'; ${drop}; COMMIT`,
  },
  {
    name: 'the whole database',
    ends: ['42501', '25001'],
    attacks,
    sql: 'DROP DATABASE guarded WITH (FORCE)',
  },
  // names in the way of PostgreSQL's own
  {
    name: 'a search path without public',
    sql: `SET search_path = other; ALTER TABLE public.recruits DROP COLUMN id_number`,
  },
  {
    name: 'functions of one’s own in front of PostgreSQL’s',
    sql: `CREATE FUNCTION count(text) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'; CREATE FUNCTION hashtextextended(text, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint';
      CREATE FUNCTION format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT 'SELECT 0' $$; CREATE FUNCTION current_query() RETURNS text LANGUAGE sql AS $$ SELECT '' $$;
      SET search_path = public, pg_catalog; ${drop}`,
  },
  {
    name: 'an operator = that finds everything equal',
    sql: `CREATE FUNCTION yes(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = yes);
      CREATE TABLE archive.kept AS SELECT id, 'x' AS id_number FROM recruits; SET search_path = public, pg_catalog; ${drop}`,
  },
  {
    name: 'temporary tables in front of the catalogs',
    sql: `CREATE TEMP TABLE pg_class AS SELECT * FROM pg_catalog.pg_class LIMIT 0; CREATE TEMP TABLE pg_attribute AS SELECT attrelid, attname, attnum, atttypid, atttypmod, attnotnull, attisdropped, attgenerated FROM pg_catalog.pg_attribute LIMIT 0;
      CREATE TEMP TABLE pg_trigger AS SELECT * FROM pg_catalog.pg_trigger LIMIT 0; SET search_path = pg_temp, pg_catalog, public; ${drop}`,
  },
  {
    name: 'a temporary table in front of the table',
    sql: `CREATE TEMP TABLE recruits (id int PRIMARY KEY, id_number text); ALTER TABLE public.recruits DROP COLUMN id_number`,
  },
  {
    name: 'rows that a policy hides from their owner',
    sql: `ALTER TABLE recruits ENABLE ROW LEVEL SECURITY; ALTER TABLE recruits FORCE ROW LEVEL SECURITY; ${drop}`,
  },
  { name: 'rows that the role may not read any more', sql: `REVOKE ALL ON recruits FROM prod; ${drop}`, ends: mayNot },
  {
    name: 'a cast to text of one’s own',
    sql: `CREATE FUNCTION lie(mood) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'calm' $$; CREATE CAST (mood AS text) WITH FUNCTION lie(mood);
      CREATE TABLE archive.kept AS SELECT id, CASE WHEN mood IS NOT NULL THEN 'calm'::mood END AS mood FROM recruits; ALTER TABLE recruits DROP COLUMN mood`,
  },
  {
    name: 'a cast that would like to run with the guard’s rights',
    ends: [...mayNot, 'passes'],
    sql: `CREATE FUNCTION rise(mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER ROLE prod SUPERUSER'; RETURN 'x'; END $$;
      CREATE CAST (mood AS text) WITH FUNCTION rise(mood); ALTER TABLE recruits DROP COLUMN mood`,
  },
  {
    name: 'a domain’s check that would like to run with the guard’s rights',
    ends: [...mayNot, 'passes'],
    sql: `CREATE FUNCTION rise(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF current_user <> 'prod' THEN EXECUTE 'ALTER ROLE prod SUPERUSER'; END IF; RETURN true; END $$;
      CREATE DOMAIN d AS text CHECK (rise(VALUE)); ALTER TABLE recruits ALTER id_number TYPE d; ALTER TABLE recruits ALTER id_number TYPE varchar(1) USING left(id_number, 1)`,
  },
  {
    name: 'a DELETE from a parent in a schema that is not kept',
    sql: 'CREATE SCHEMA x; CREATE TABLE x.parent (name text); ALTER TABLE pets INHERIT x.parent; DELETE FROM x.parent',
  },
  {
    name: 'a DELETE from a partitioned table in a schema that is not kept',
    sql: `CREATE SCHEMA x; CREATE TABLE x.parent (id int NOT NULL, recruit_id int, name text) PARTITION BY LIST (id);
      ALTER TABLE x.parent ATTACH PARTITION pets FOR VALUES IN (201, 202); DELETE FROM x.parent`,
  },
  {
    name: 'an archive that is the table’s own parent',
    sql: 'CREATE TABLE archive.parent (id int, recruit_id int, name text); ALTER TABLE pets INHERIT archive.parent; DROP TABLE pets',
  },
  {
    name: 'a new column that holds the same by its default',
    attacks: 'the guard',
    sql: "ALTER TABLE recruits ADD COLUMN nothing_else text NOT NULL DEFAULT ''; ALTER TABLE recruits DROP COLUMN nothing",
  },
  {
    name: 'a domain’s check that would delete with the guard’s rights, in a change of type that passes',
    attacks: 'the guard',
    ends: ['passes'],
    setup: `CREATE FUNCTION sweep(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
        IF current_user <> 'prod' THEN PERFORM set_config('session_replication_role', 'replica', true); DELETE FROM public.pets; END IF; RETURN true; END $$;
      CREATE DOMAIN d AS text CHECK (public.sweep(VALUE)); CREATE TABLE swept (id int PRIMARY KEY, v d); INSERT INTO swept VALUES (1, 'x')`,
    sql: 'ALTER TABLE swept ALTER v TYPE text',
  },
  {
    name: 'a cast of an enum to text, which the guard would run as superuser',
    attacks,
    ends: ['passes'],
    sql: `CREATE TYPE mine AS ENUM ('k'); CREATE FUNCTION evil(mine) RETURNS text LANGUAGE plpgsql AS $$ BEGIN IF current_user <> 'prod' THEN EXECUTE 'ALTER ROLE prod SUPERUSER'; END IF; RETURN 'k'; END $$;
      CREATE CAST (mine AS text) WITH FUNCTION evil(mine) AS IMPLICIT; CREATE TABLE et (k mine PRIMARY KEY, v text); INSERT INTO et VALUES ('k', 'v');
      CREATE TABLE archive.et AS SELECT k, v FROM et; ALTER TABLE archive.et ADD PRIMARY KEY (k); ALTER TABLE et DROP COLUMN v; COMMIT;`,
  },
  {
    name: 'a cast of a composite to text, which the guard would run as superuser',
    attacks,
    ends: ['passes'],
    sql: `CREATE TYPE mine AS (x int); CREATE FUNCTION evil(mine) RETURNS text LANGUAGE plpgsql AS $$ BEGIN IF current_user <> 'prod' THEN EXECUTE 'ALTER ROLE prod SUPERUSER'; END IF; RETURN 'k'; END $$;
      CREATE CAST (mine AS text) WITH FUNCTION evil(mine) AS IMPLICIT; CREATE TABLE et (k mine PRIMARY KEY, v text); INSERT INTO et VALUES (ROW(1), 'v');
      CREATE TABLE archive.et AS SELECT k, v FROM et; ALTER TABLE archive.et ADD PRIMARY KEY (k); ALTER TABLE et DROP COLUMN v; COMMIT;`,
  },
  {
    name: 'the condition of an index, which PostgreSQL works out where the guard reads',
    attacks,
    ends: mayNot,
    sql: `CREATE FUNCTION act() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF current_user <> 'prod' THEN EXECUTE 'ALTER ROLE prod SUPERUSER'; END IF; RETURN true; END $$;
      CREATE FUNCTION rise(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN public.act(); END $$; CREATE INDEX i ON pets (name) WHERE rise('x');
      CREATE TABLE archive.kept AS SELECT id, name FROM pets; ALTER TABLE pets DROP COLUMN name`,
  },
  {
    name: 'all that the role owns, given away',
    attacks,
    ends: mayNot,
    sql: `REASSIGN OWNED BY prod TO postgres; ${drop}`,
  },
  { name: 'a transaction that is prepared', attacks, sql: `BEGIN; ${drop}; PREPARE TRANSACTION 'later'` },
]
