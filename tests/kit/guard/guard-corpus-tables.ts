import type { DestructiveCase } from './guard-corpus.ts'

const archiveOf = (columns: string, from = 'recruits') => `CREATE TABLE archive.kept AS SELECT ${columns} FROM ${from}`

/** Scripts that drop a table, or what a table hangs on. */
export const losesTables: DestructiveCase[] = [
  { name: 'DROP TABLE', sql: 'DROP TABLE keyless' },
  { name: 'DROP TABLE … CASCADE', sql: 'DROP TABLE IF EXISTS recruits CASCADE' },
  { name: 'DROP TABLE of several', sql: 'DROP TABLE IF EXISTS no_such, blank, "Odd ""Name"" für Ω", pets RESTRICT' },
  { name: 'DROP TABLE in a crowd of comments', sql: 'DROP/**/TABLE /* a /* b */ ; */ -- c;\n"pets" -- d' },
  { name: 'DROP TABLE named in Unicode escapes', sql: 'DROP TABLE U&"\\006Beyless"' },
  { name: 'DROP TABLE named by the search path', sql: 'SET search_path = archive; DROP TABLE departed' },
  {
    name: 'DROP TABLE put together from pieces',
    sql: "DO $$ BEGIN EXECUTE 'DR' || 'OP TAB' || 'LE ' || 'key' || 'less'; END $$",
  },
  {
    name: 'DROP TABLE in a function of SQL',
    sql: "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DROP TABLE keyless'; SELECT f()",
  },
  {
    name: 'DROP TABLE of each, in a loop that catches the refusals',
    ends: ['passes'],
    sql: `DO $$ DECLARE t text; BEGIN FOR t IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'archive') AND tablename <> 'blank'
      LOOP BEGIN EXECUTE 'DROP TABLE ' || t || ' CASCADE'; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$`,
  },
  {
    name: 'DROP TABLE in a transaction that is serializable',
    sql: 'BEGIN ISOLATION LEVEL SERIALIZABLE; DROP TABLE keyless; COMMIT',
  },
  { name: 'DROP TABLE of a partition', sql: 'DROP TABLE measurements_north' },
  { name: 'DROP TABLE of a partition of a partition', sql: 'DROP TABLE measurements_south_high' },
  { name: 'DROP TABLE of a partition in another schema', sql: 'DROP TABLE other.measurements_east' },
  { name: 'DROP TABLE of a partitioned table', sql: 'DROP TABLE measurements' },
  { name: 'DROP TABLE of a child', sql: 'DROP TABLE dogs' },
  { name: 'DROP TABLE of a parent', sql: 'DROP TABLE animals CASCADE' },
  {
    name: 'a partition in another schema is detached, then dropped',
    sql: 'ALTER TABLE measurements DETACH PARTITION other.measurements_east; DROP TABLE other.measurements_east',
  },
  {
    name: 'a child in another schema is let go, then emptied',
    sql: 'ALTER TABLE other.cats NO INHERIT animals; DELETE FROM other.cats',
  },
  {
    name: 'a partition is detached, then dropped',
    sql: 'ALTER TABLE measurements DETACH PARTITION measurements_north; DROP TABLE measurements_north',
  },
  { name: 'a table is renamed, then dropped', sql: 'ALTER TABLE keyless RENAME TO old_things; DROP TABLE old_things' },
  {
    name: 'a table moves to another schema, then is dropped',
    sql: 'ALTER TABLE pets SET SCHEMA other; DROP TABLE other.pets',
  },
  {
    name: 'the schema gets another name, then is dropped',
    sql: 'ALTER SCHEMA archive RENAME TO attic; DROP SCHEMA attic CASCADE',
  },
  { name: 'the archive gets another name, and stays', sql: 'ALTER SCHEMA archive RENAME TO attic' },
  {
    name: 'schema public gets another name, and another one takes its place',
    sql: 'ALTER SCHEMA public RENAME TO attic; CREATE SCHEMA public',
  },
  {
    name: 'schema public gets another name, then is dropped',
    sql: 'ALTER SCHEMA public RENAME TO attic; CREATE SCHEMA public; DROP SCHEMA attic CASCADE',
  },
  {
    name: 'a copy without one column takes the name of the table',
    sql: 'CREATE TABLE pets_new AS SELECT id, recruit_id FROM pets; DROP TABLE pets; ALTER TABLE pets_new RENAME TO pets',
  },
  {
    name: 'two tables change names, then the full one is dropped',
    sql: 'ALTER TABLE pets RENAME TO pets_old; ALTER TABLE blank RENAME TO pets; DROP TABLE pets_old',
  },
  {
    name: 'half of the rows are archived, then the table is dropped',
    sql: `${archiveOf('*', 'pets WHERE id = 201')}; DROP TABLE pets`,
  },
  {
    name: 'one of two equal rows is archived, then the table is dropped',
    sql: `${archiveOf('DISTINCT *', 'keyless')}; DROP TABLE keyless`,
  },
  {
    name: 'all but one column are archived, then the table is dropped',
    sql: `${archiveOf('id, name', 'pets')}; DROP TABLE pets`,
  },
  {
    name: 'a table and its archive are dropped at once',
    sql: `${archiveOf('*', 'pets')}; DROP TABLE pets, archive.kept`,
  },
  {
    name: 'a table is dropped, then its archive',
    sql: `${archiveOf('*', 'pets')}; DROP TABLE pets; DROP TABLE archive.kept`,
  },
  {
    name: 'a table and the archive’s schema are dropped in turn',
    sql: `${archiveOf('*', 'pets')}; DROP TABLE pets; ALTER TABLE archive.departed SET SCHEMA public; DROP SCHEMA archive CASCADE`,
  },
  {
    name: 'the archive is made beside the schema, then the table is dropped',
    sql: 'CREATE TABLE other.kept AS TABLE pets; DROP TABLE pets; DROP TABLE other.kept',
  },
  { name: 'DROP SCHEMA public', sql: 'DROP SCHEMA public CASCADE' },
  { name: 'DROP SCHEMA archive', sql: 'DROP SCHEMA "archive" CASCADE' },
  { name: 'DROP SCHEMA of a partition', sql: 'DROP SCHEMA other CASCADE' },
  { name: 'DROP SCHEMA of two, one of them empty', sql: 'CREATE SCHEMA void; DROP SCHEMA void, archive CASCADE' },
  { name: 'DROP OWNED BY the role', sql: 'DROP OWNED BY prod CASCADE' },
  { name: 'DROP OWNED BY the current role', sql: 'DROP OWNED BY CURRENT_USER CASCADE' },
  {
    name: 'a typed table goes with its type',
    setup:
      "CREATE TYPE thing AS (id int, name text); CREATE TABLE things OF thing; INSERT INTO things VALUES (1, 'lamp')",
    sql: 'DROP TYPE thing CASCADE',
  },
]
