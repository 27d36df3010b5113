import type { HarmlessCase } from './guard-corpus.ts'

const alter = (action: string) => `ALTER TABLE recruits ${action}`
const drop = alter('DROP COLUMN id_number')
const writes = 'over values' as const

/** Scripts that move values, or let go of what holds none. */
export const harmlessMoves: HarmlessCase[] = [
  // archive and drop
  {
    name: 'archive, then drop',
    sql: `CREATE TABLE archive.recruits (id int PRIMARY KEY, id_number text NOT NULL); INSERT INTO archive.recruits SELECT id, id_number FROM recruits; ${drop}`,
  },
  {
    name: 'archive by CREATE TABLE AS, then drop',
    sql: `CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits; ${drop}`,
  },
  {
    name: 'archive in an earlier deploy, drop in this one',
    loses: 'a copy',
    setup: 'CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits',
    sql: drop,
  },
  {
    name: 'archive more rows than there are, then drop',
    sql: `CREATE TABLE archive.kept (id int PRIMARY KEY, id_number text); INSERT INTO archive.kept VALUES (1, 'old'); INSERT INTO archive.kept SELECT id, id_number FROM recruits; ${drop}`,
  },
  {
    name: 'archive under another name of the key',
    sql: `CREATE TABLE archive.kept (recruit int PRIMARY KEY, id_number text); INSERT INTO archive.kept SELECT id, id_number FROM recruits; ${drop}`,
  },
  {
    name: 'archive as text',
    sql: `CREATE TABLE archive.kept AS SELECT id::text, age::text, score::text, mood::text FROM recruits; ${alter('DROP age, DROP score, DROP mood')}`,
  },
  {
    name: 'archive in two halves, in two tables',
    sql: `CREATE TABLE archive.a AS SELECT id, id_number FROM recruits WHERE id < 103; CREATE TABLE archive.b AS SELECT id, id_number FROM recruits WHERE id >= 103; ${drop}`,
  },
  {
    name: 'archive in a DO block, then drop',
    sql: `DO $$ BEGIN CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits; EXECUTE 'ALTER TABLE recruits DR' || 'OP COLUMN id_number'; END $$`,
  },
  {
    name: 'archive behind a savepoint, then drop',
    sql: `BEGIN; SAVEPOINT s; CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits; RELEASE s; ${drop}; COMMIT`,
  },
  {
    name: 'archive after a refusal that was caught',
    sql: `DO $$ BEGIN BEGIN ${drop}; EXCEPTION WHEN OTHERS THEN CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits; END; ALTER TABLE recruits DROP COLUMN IF EXISTS id_number; END $$`,
  },
  {
    name: 'archive several columns, then drop them in one statement',
    sql: `CREATE TABLE archive.kept AS SELECT id, id_number, nick, "Shoe Size", notes FROM recruits; ${alter('DROP COLUMN id_number, DROP nick, DROP COLUMN "Shoe Size", ADD COLUMN x int, DROP notes')}`,
  },
  {
    name: 'archive a column with SQL as its name',
    sql: 'CREATE TABLE archive.odd AS SELECT id, "a.b; -- c" FROM "Odd ""Name"" für Ω"; ALTER TABLE "Odd ""Name"" für Ω" DROP COLUMN "a.b; -- c"',
  },
  {
    name: 'archive beside strings that look like comments',
    sql: `CREATE TABLE archive.kept AS SELECT id, id_number, '--' AS dashes, '/*' AS stars FROM recruits; ${drop}; COMMENT ON TABLE recruits IS '*/'`,
  },
  {
    name: 'archive a column of a composite key’s table',
    setup:
      "CREATE TABLE pairs (a int, b text, v text, PRIMARY KEY (a, b)); INSERT INTO pairs VALUES (1, 'x, \"y\"', 'v1'), (1, NULLIF('z', ''), 'v2')",
    sql: 'CREATE TABLE archive.pairs AS TABLE pairs; ALTER TABLE pairs DROP COLUMN v',
  },
  {
    name: 'archive a column of a partitioned table',
    sql: 'CREATE TABLE archive.m AS SELECT * FROM measurements; ALTER TABLE measurements DROP COLUMN value',
  },
  {
    name: 'archive a column of a parent',
    sql: 'CREATE TABLE archive.a AS SELECT id, name FROM animals; ALTER TABLE animals DROP COLUMN name',
  },
  {
    name: 'archive a column, then drop the type',
    sql: 'CREATE TABLE archive.kept AS SELECT id, mood::text FROM recruits; DROP TYPE mood CASCADE',
  },
  {
    name: 'archive a column, then drop its extension',
    setup: "CREATE EXTENSION citext; ALTER TABLE recruits ADD c citext; UPDATE recruits SET c = 'C' || id",
    sql: 'CREATE TABLE archive.kept AS SELECT id, c::text FROM recruits; ALTER TABLE recruits DROP COLUMN c; DROP EXTENSION citext',
  },
  {
    name: 'archive a table, then drop it',
    sql: 'CREATE TABLE archive.pets (LIKE pets INCLUDING ALL); INSERT INTO archive.pets TABLE pets; DROP TABLE pets',
  },
  {
    name: 'archive a table that others refer to, then drop it',
    sql: 'CREATE TABLE archive.cohorts AS TABLE cohorts; DROP TABLE cohorts CASCADE',
  },
  {
    name: 'archive a table without a key, then drop it',
    sql: 'CREATE TABLE archive.keyless AS TABLE keyless; DROP TABLE keyless',
  },
  {
    name: 'archive a column, later the rest of the table',
    setup: `CREATE TABLE archive.a AS SELECT id, name FROM pets; ALTER TABLE pets DROP COLUMN name`,
    sql: 'CREATE TABLE archive.b AS TABLE pets; DROP TABLE pets',
  },
  {
    name: 'archive a partition, then drop it',
    sql: 'CREATE TABLE archive.north AS TABLE measurements_north; DROP TABLE measurements_north',
  },
  {
    name: 'archive a partitioned table, then drop it',
    sql: 'CREATE TABLE archive.m AS TABLE measurements; DROP TABLE measurements',
  },
  {
    name: 'archive two tables, then drop them in one statement',
    sql: 'CREATE TABLE archive.p AS TABLE pets; CREATE TABLE archive.k AS TABLE keyless; DROP TABLE pets, keyless',
  },
  {
    name: 'archive an archive, then drop the older one',
    sql: 'CREATE TABLE archive.again AS TABLE archive.departed; DROP TABLE archive.departed',
  },
  // expand and contract
  {
    name: 'expand and contract in one script',
    sql: `${alter('ADD COLUMN number text')}; UPDATE recruits SET number = id_number; ${alter('ALTER number SET NOT NULL')}; ${drop}`,
  },
  {
    name: 'expand in one deploy, contract in the next',
    loses: 'a copy',
    setup: `${alter('ADD COLUMN number text')}; UPDATE recruits SET number = id_number`,
    sql: drop,
  },
  {
    name: 'expand with a default, then fill',
    sql: `${alter("ADD COLUMN number text NOT NULL DEFAULT ''")}; UPDATE recruits SET number = id_number; ${alter('ALTER number DROP DEFAULT, DROP COLUMN id_number')}`,
  },
  {
    name: 'expand into a column that was empty so far',
    setup: 'SELECT 1',
    sql: `UPDATE recruits SET empty = id_number; ${drop}`,
  },
  {
    name: 'a column of another type takes over',
    sql: `${alter('ADD COLUMN age_text text')}; UPDATE recruits SET age_text = age::text; ${alter('DROP COLUMN age')}`,
  },
  {
    name: 'two columns change names by way of a third',
    sql: `${alter('ADD COLUMN x text')}; UPDATE recruits SET x = id_number; ${drop}; ${alter('RENAME x TO id_number')}`,
  },
  // nothing in it
  { name: 'a column of NULLs is dropped', sql: alter('DROP COLUMN empty') },
  { name: 'a column of an empty table is dropped', sql: 'ALTER TABLE blank DROP COLUMN x' },
  { name: 'a generated column is dropped', sql: alter('DROP COLUMN greeting') },
  { name: 'a column is added and dropped again', sql: `${alter('ADD COLUMN x text')}; ${alter('DROP COLUMN x')}` },
  {
    name: 'a column of NULLs is dropped in a transaction that goes on',
    sql: 'BEGIN; SELECT 1; ALTER TABLE recruits DROP COLUMN IF EXISTS no_such, DROP COLUMN empty; COMMIT',
  },
  // types
  {
    name: 'types that are wider',
    sql: alter(
      'ALTER age TYPE bigint, ALTER surname TYPE varchar(80), ALTER score TYPE numeric(10, 4), ALTER nick TYPE text',
    ),
  },
  { name: 'integer to text', sql: alter('ALTER age TYPE text') },
  { name: 'integer to numeric', sql: alter('ALTER "Shoe Size" TYPE numeric(8, 2)') },
  { name: 'text to integer', sql: alter('ALTER id_number TYPE integer USING id_number::integer') },
  { name: 'text to varchar with room', sql: alter('ALTER chatname TYPE varchar(100), ALTER surname TYPE text') },
  {
    name: 'timestamptz to text and timestamp',
    sql: `SET timezone = 'UTC'; ${alter('ADD joined2 timestamptz')}; UPDATE recruits SET joined2 = joined; ${alter('ALTER joined2 TYPE timestamp(3)')}`,
  },
  { name: 'enum to text', sql: alter('ALTER mood TYPE text') },
  {
    name: 'text to enum',
    sql: "CREATE TYPE kind AS ENUM ('Rex', 'Tom'); ALTER TABLE pets ALTER name TYPE kind USING name::kind",
  },
  {
    name: 'Prisma’s way to take a label out of an enum',
    setup: "UPDATE recruits SET mood = 'calm' WHERE mood = 'tired'",
    sql: `BEGIN; CREATE TYPE "mood_new" AS ENUM ('calm', 'busy'); ALTER TABLE "recruits" ALTER COLUMN "mood" TYPE "mood_new" USING ("mood"::text::"mood_new"); ALTER TYPE "mood" RENAME TO "mood_old"; ALTER TYPE "mood_new" RENAME TO "mood"; DROP TYPE "public"."mood_old"; COMMIT`,
  },
  {
    name: 'integer key to bigint',
    sql: 'DROP VIEW names; ALTER TABLE recruits ALTER id TYPE bigint; ALTER TABLE pets ALTER recruit_id TYPE bigint; ALTER TABLE badges ALTER id TYPE bigint',
  },
  { name: 'a narrower type of values that fit', sql: alter('ALTER surname TYPE varchar(8), ALTER age TYPE smallint') },
  {
    name: 'a type of a partitioned table and of a parent',
    sql: 'ALTER TABLE measurements ALTER value TYPE bigint; ALTER TABLE animals ALTER name TYPE varchar(50)',
  },
  { name: 'a type of a table without a key', sql: 'ALTER TABLE keyless ALTER a TYPE varchar(9)' },
  { name: 'another collation', sql: alter('ALTER chatname TYPE text COLLATE "C"') },
  {
    name: 'a type whose values are archived',
    sql: `CREATE TABLE archive.kept AS SELECT id, joined FROM recruits; ${alter('ALTER joined TYPE date')}`,
  },
  // rows
  {
    name: 'INSERT … ON CONFLICT',
    sql: "INSERT INTO pets VALUES (201, 103, 'Rex') ON CONFLICT DO NOTHING; INSERT INTO blank VALUES (1, 'x'); INSERT INTO blank VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET x = excluded.x",
  },
  { name: 'UPDATE of values', sql: 'UPDATE recruits SET chatname = upper(chatname), age = age + 1', writes },
  {
    name: 'UPDATE of what is NULL',
    sql: 'UPDATE recruits SET empty = surname; UPDATE recruits SET age = 18 WHERE age IS NULL',
  },
  {
    name: 'MERGE without DELETE',
    sql: 'MERGE INTO pets p USING recruits r ON r.id = p.recruit_id WHEN NOT MATCHED THEN INSERT VALUES (r.id + 500, r.id, NULL) WHEN MATCHED THEN UPDATE SET name = p.name',
  },
  {
    name: 'a locked row is read and written',
    sql: 'BEGIN; SELECT * FROM recruits WHERE id = 101 FOR UPDATE; UPDATE recruits SET cohort_id = cohort_id; COMMIT',
  },
  {
    name: 'DELETE, TRUNCATE, DROP in a schema that is not kept',
    sql: 'DELETE FROM other.plain; TRUNCATE other.plain; ALTER TABLE other.plain DROP COLUMN name; DROP TABLE other.plain',
  },
  {
    name: 'MERGE … DELETE in a schema that is not kept',
    sql: 'MERGE INTO other.plain p USING pets ON pets.id = p.id WHEN NOT MATCHED BY SOURCE THEN DELETE',
  },
  {
    name: 'expand and contract through a column with a default',
    sql: "ALTER TABLE recruits ADD chat text NOT NULL DEFAULT ''; UPDATE recruits SET chat = chatname; ALTER TABLE recruits DROP chatname",
  },
  {
    name: 'a comment’s sign between dollar quotes, beside a drop of archived values',
    sql: `CREATE FUNCTION sign() RETURNS text LANGUAGE sql AS $$ SELECT '-- /* ' $$; CREATE TABLE archive.numbers AS SELECT id, id_number FROM recruits;
      ALTER TABLE archive.numbers ADD PRIMARY KEY (id); ALTER TABLE recruits DROP COLUMN id_number`,
  },
]
