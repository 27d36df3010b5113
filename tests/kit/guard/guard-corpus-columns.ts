import type { DestructiveCase } from './guard-corpus.ts'

const archiveOf = (columns: string, from = 'recruits') => `CREATE TABLE archive.kept AS SELECT ${columns} FROM ${from}`
const drop = 'ALTER TABLE recruits DROP COLUMN id_number'

/** Scripts that drop columns, or what a column hangs on. */
export const losesColumns: DestructiveCase[] = [
  { name: 'DROP COLUMN', sql: drop },
  {
    name: 'DROP COLUMN without the word COLUMN',
    sql: 'ALTER TABLE IF EXISTS ONLY public.recruits DROP IF EXISTS id_number CASCADE',
  },
  {
    name: 'DROP COLUMN in a crowd of comments',
    sql: 'ALTER/**/TABLE"recruits"DROP/* no; */COLUMN-- yes;\n"id_number"',
  },
  {
    name: 'DROP COLUMN with nested comments',
    sql: '/* /* */ ALTER TABLE recruits */ ALTER TABLE recruits /* a */ DROP COLUMN /* /* */ */ id_number',
  },
  { name: 'DROP COLUMN with capitals in its name', sql: 'ALTER TABLE RECRUITS DROP COLUMN "Shoe Size"' },
  {
    name: 'DROP COLUMN with SQL as its name',
    sql: 'ALTER TABLE "Odd ""Name"" für Ω" DROP COLUMN "a.b; -- c", DROP "Drop Column"',
  },
  { name: 'DROP COLUMN named in Unicode escapes', sql: 'ALTER TABLE recruits DROP COLUMN U&"\\0069d_number"' },
  { name: 'DROP COLUMN behind strings that look like comments', sql: `SELECT '/*', '--'; ${drop}; SELECT '*/'` },
  { name: 'DROP COLUMN of empty texts', sql: 'ALTER TABLE recruits DROP COLUMN nothing' },
  {
    name: 'DROP COLUMN of one value among NULLs',
    setup: 'UPDATE recruits SET empty = surname WHERE id = 104',
    sql: 'ALTER TABLE recruits DROP COLUMN empty',
  },
  { name: 'DROP COLUMN of the key', sql: 'ALTER TABLE badges DROP COLUMN id' },
  { name: 'DROP COLUMN of a table without a key', sql: 'ALTER TABLE keyless DROP COLUMN b' },
  {
    name: 'DROP COLUMN put together from pieces',
    sql: "DO $$ BEGIN EXECUTE format('ALTER TABLE %I %s %s %I', 'recruits', 'DR' || 'OP', 'COL' || 'UMN', 'id_' || 'number'); END $$",
  },
  {
    name: 'DROP COLUMN in a procedure, after a COMMIT',
    setup: `CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMENT ON TABLE recruits IS ''x''; COMMIT; ${drop}; COMMIT; END'`,
    sql: 'CALL p()',
  },
  {
    name: 'DROP COLUMN tried again after its refusal',
    sql: `DO $$ BEGIN BEGIN ${drop}; EXCEPTION WHEN OTHERS THEN NULL; END; ALTER TABLE recruits DROP COLUMN IF EXISTS id_number; END $$`,
  },
  {
    name: 'DROP COLUMN that passed is rolled back, then values move in, then it is dropped again',
    sql: "BEGIN; SAVEPOINT s; ALTER TABLE recruits DROP COLUMN empty; ROLLBACK TO s; UPDATE recruits SET empty = id_number, id_number = ''; ALTER TABLE recruits DROP COLUMN empty; COMMIT",
  },
  { name: 'DROP COLUMN with an old snapshot', sql: `BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1; ${drop}; COMMIT` },
  { name: 'DROP COLUMN of a partitioned table', sql: 'ALTER TABLE measurements DROP COLUMN value' },
  { name: 'DROP COLUMN of a parent', sql: 'ALTER TABLE animals DROP COLUMN name' },
  { name: 'DROP COLUMN of a child in another schema', sql: 'ALTER TABLE other.cats DROP COLUMN colour' },
  { name: 'DROP COLUMN of an archive', sql: 'ALTER TABLE archive.departed DROP COLUMN reason' },
  {
    name: 'DROP COLUMN among other actions',
    sql: 'ALTER TABLE recruits ADD COLUMN a int DEFAULT 1, ALTER COLUMN nick DROP NOT NULL, DROP COLUMN id_number, ALTER COLUMN age SET DEFAULT 18',
  },
  {
    name: 'Prisma’s rename: drop the one, add the other',
    sql: 'ALTER TABLE "recruits" DROP COLUMN "chatname",\nADD COLUMN     "rocketchat_user" TEXT',
  },
  {
    name: 'drop and add under the same name',
    sql: "ALTER TABLE recruits DROP COLUMN id_number, ADD COLUMN id_number text NOT NULL DEFAULT ''",
  },
  {
    name: 'a column is renamed, then dropped',
    sql: 'ALTER TABLE recruits RENAME id_number TO x; ALTER TABLE recruits DROP COLUMN x',
  },
  {
    name: 'another column takes its name, then it is dropped',
    sql: 'ALTER TABLE recruits RENAME id_number TO x; ALTER TABLE recruits RENAME nothing TO id_number; ALTER TABLE recruits DROP x',
  },
  { name: 'another column is equal by chance', sql: 'ALTER TABLE recruits DROP COLUMN chatname' },
  {
    name: 'another column is equal by chance and gets a name that fits',
    sql: 'ALTER TABLE recruits RENAME twin TO rocketchat_user; ALTER TABLE recruits DROP COLUMN chatname',
  },
  {
    name: 'two columns that are each other’s copy go at once',
    sql: 'ALTER TABLE recruits ADD COLUMN c text; UPDATE recruits SET c = id_number; ALTER TABLE recruits DROP COLUMN id_number, DROP COLUMN c',
  },
  {
    name: 'a column goes, then its copy',
    sql: `ALTER TABLE recruits ADD COLUMN c text; UPDATE recruits SET c = id_number; ${drop}; ALTER TABLE recruits DROP COLUMN c`,
  },
  {
    name: 'a column goes, then its two copies, one by one',
    sql: `ALTER TABLE recruits ADD COLUMN c text, ADD COLUMN d text; UPDATE recruits SET c = id_number, d = id_number; ${drop}; ALTER TABLE recruits DROP COLUMN c; ALTER TABLE recruits DROP COLUMN d`,
  },
  {
    name: 'a copy of half of the values',
    sql: `ALTER TABLE recruits ADD COLUMN c text; UPDATE recruits SET c = id_number WHERE id < 103; ${drop}`,
  },
  {
    name: 'a copy in capitals',
    sql: 'ALTER TABLE recruits ADD COLUMN c text; UPDATE recruits SET c = upper(chatname); ALTER TABLE recruits DROP COLUMN chatname',
  },
  {
    name: 'a copy one row off',
    sql: `ALTER TABLE recruits ADD COLUMN c text; UPDATE recruits r SET c = (SELECT id_number FROM recruits s WHERE s.id = r.id % 104 % 4 + 101); ${drop}`,
  },
  {
    name: 'a copy that is rounded',
    sql: 'ALTER TABLE recruits ADD COLUMN c numeric(6,1); UPDATE recruits SET c = score; ALTER TABLE recruits DROP COLUMN score',
  },
  {
    name: 'a copy that the same transaction took back',
    sql: `BEGIN; ALTER TABLE recruits ADD COLUMN c text; SAVEPOINT s; UPDATE recruits SET c = id_number; ROLLBACK TO s; ${drop}; COMMIT`,
  },
  {
    name: 'a copy that is generated from the column',
    sql: `ALTER TABLE recruits ADD COLUMN c text GENERATED ALWAYS AS (id_number || '') STORED; ${drop} CASCADE`,
  },
  { name: 'a copy in a temporary table', sql: `CREATE TEMP TABLE kept AS SELECT id, id_number FROM recruits; ${drop}` },
  {
    name: 'a copy in another schema',
    sql: `CREATE TABLE other.kept AS SELECT id, id_number FROM recruits; ${drop}; DROP TABLE other.kept`,
  },
  {
    name: 'an archive that is a view',
    sql: `CREATE VIEW archive.kept AS SELECT id, id_number FROM recruits; ${drop} CASCADE`,
  },
  {
    name: 'an archive that is a materialized view',
    sql: `CREATE MATERIALIZED VIEW archive.kept AS SELECT id, id_number FROM recruits; ${drop} CASCADE`,
  },
  { name: 'an archive of half of the rows', sql: `${archiveOf('id, id_number', 'recruits WHERE id < 103')}; ${drop}` },
  { name: 'an archive of other values', sql: `${archiveOf('id, md5(id_number) AS id_number')}; ${drop}` },
  { name: 'an archive of another column', sql: `${archiveOf('id, github_name AS id_number')}; ${drop}` },
  {
    name: 'an archive with keys that are swapped',
    sql: `${archiveOf('CASE id WHEN 101 THEN 102 WHEN 102 THEN 101 ELSE id END AS id, id_number')}; ${drop}`,
  },
  { name: 'an archive without the key', sql: `${archiveOf('id_number')}; ${drop}` },
  { name: 'an archive under another key', sql: `${archiveOf('age AS id, id_number')}; ${drop}` },
  { name: 'an archive of values cut short', sql: `${archiveOf('id, left(id_number, 3) AS id_number')}; ${drop}` },
  { name: 'an archive with one NULL', sql: `${archiveOf("id, nullif(id_number, '8504') AS id_number")}; ${drop}` },
  { name: 'an archive that is empty', sql: `${archiveOf('id, id_number', 'recruits WHERE false')}; ${drop}` },
  {
    name: 'an archive that the same transaction took back',
    sql: `BEGIN; SAVEPOINT s; ${archiveOf('id, id_number')}; ROLLBACK TO s; ${drop}; COMMIT`,
  },
  {
    name: 'an archive that is dropped afterwards',
    sql: `${archiveOf('id, id_number')}; ${drop}; DROP TABLE archive.kept`,
  },
  {
    name: 'an archive that loses the column afterwards',
    sql: `${archiveOf('id, id_number')}; ${drop}; ALTER TABLE archive.kept DROP id_number`,
  },
  {
    name: 'an archive from before new recruits came',
    setup: archiveOf('id, id_number', 'recruits WHERE id < 104'),
    sql: drop,
  },
  {
    name: 'two columns go and one is archived',
    sql: `${archiveOf('id, id_number')}; ALTER TABLE recruits DROP COLUMN id_number, DROP COLUMN nick`,
  },
  {
    name: 'an archive that calls capitals equal',
    sql: `CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE TABLE archive.kept (id int PRIMARY KEY, chatname text COLLATE ci);
      INSERT INTO archive.kept SELECT id, upper(chatname) FROM recruits; ALTER TABLE recruits DROP COLUMN chatname`,
  },
  // what a column hangs on
  { name: 'a column goes with its enum', sql: 'DROP TYPE mood CASCADE' },
  { name: 'a column goes with its enum, named in Unicode escapes', sql: 'DROP TYPE public.U&"\\006dood" CASCADE' },
  { name: 'a column goes with its domain', sql: 'DROP DOMAIN short_text CASCADE' },
  {
    name: 'an array goes with the type of its elements',
    setup: 'ALTER TABLE recruits ADD COLUMN moods mood[]; UPDATE recruits SET moods = ARRAY[mood], mood = NULL',
    sql: 'DROP TYPE mood CASCADE',
  },
  {
    name: 'a column goes with its composite type',
    setup:
      "CREATE TYPE place AS (street text, town text); ALTER TABLE recruits ADD COLUMN home place; UPDATE recruits SET home = ROW('s' || id, 't' || id)",
    sql: 'DROP TYPE place CASCADE',
  },
  {
    name: 'a value goes with an attribute of its type',
    setup:
      "CREATE TYPE place AS (street text, town text); ALTER TABLE recruits ADD COLUMN home place; UPDATE recruits SET home = ROW('s' || id, 't' || id)",
    sql: 'ALTER TYPE place DROP ATTRIBUTE town',
  },
  {
    name: 'a value goes with an attribute of the type in a domain in an array',
    setup:
      "CREATE TYPE place AS (street text, town text); CREATE DOMAIN spot AS place; ALTER TABLE recruits ADD COLUMN homes spot[]; UPDATE recruits SET homes = ARRAY[ROW('s' || id, 't' || id)::spot]",
    sql: 'ALTER TYPE place DROP ATTRIBUTE town',
  },
  {
    name: 'a value goes with a column of the table that is its type',
    setup: "ALTER TABLE recruits ADD COLUMN home blank; UPDATE recruits SET home = ROW(id, 'x' || id)",
    sql: 'ALTER TABLE blank DROP COLUMN x',
  },
  {
    name: 'a column of a typed table goes with its attribute',
    setup:
      "CREATE TYPE thing AS (id int, name text); CREATE TABLE things OF thing; INSERT INTO things VALUES (1, 'lamp')",
    sql: 'ALTER TYPE thing DROP ATTRIBUTE name CASCADE',
  },
  {
    name: 'a column goes with its collation',
    setup:
      "CREATE COLLATION plain (provider = libc, locale = 'C'); ALTER TABLE recruits ADD COLUMN c text COLLATE plain; UPDATE recruits SET c = 'c' || id",
    sql: 'DROP COLLATION plain CASCADE',
  },
  {
    name: 'a child’s own column in another schema goes with its collation',
    setup:
      "CREATE COLLATION plain (provider = libc, locale = 'C'); ALTER TABLE other.cats ADD COLUMN c text COLLATE plain; UPDATE other.cats SET c = 'c' || id",
    sql: 'DROP COLLATION plain CASCADE',
  },
  {
    name: 'a column goes with its extension',
    setup: "CREATE EXTENSION citext; ALTER TABLE recruits ADD COLUMN c citext; UPDATE recruits SET c = 'c' || id",
    sql: 'DROP EXTENSION citext CASCADE',
  },
  {
    name: 'a column goes with the schema of its type',
    setup:
      "CREATE TYPE other.size AS ENUM ('s', 'm'); ALTER TABLE badges ADD COLUMN size other.size; UPDATE badges SET size = 'm'",
    sql: 'DROP SCHEMA other CASCADE',
  },
]
