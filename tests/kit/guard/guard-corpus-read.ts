import type { DestructiveCase } from './guard-corpus.ts'

const attacks = 'the guard' as const
const and = (one: string, other = 'surname') =>
  `ALTER TABLE recruits ALTER ${other} TYPE text USING ${one}, ALTER id_number TYPE text USING 'x'`
const addr = 'CREATE TYPE addr AS (street text, zip text); CREATE DOMAIN home AS addr'
const withAddr = `${addr}; ALTER TABLE recruits ADD COLUMN a addr, ADD COLUMN h home; UPDATE recruits SET a = ROW('s' || id, NULL), h = ROW(NULL, 'z' || id)`
const flag = 'ALTER TABLE recruits ADD COLUMN active boolean; UPDATE recruits SET active = true'

/** Scripts whose text, values or places are easily taken for something else. */
export const easilyMisread: DestructiveCase[] = [
  // one column covers another
  {
    name: 'a ; in a string cuts the statement',
    sql: "ALTER TABLE recruits ALTER surname TYPE text USING replace(surname, ';', ','), ALTER id_number TYPE text USING left(id_number, 1)",
  },
  { name: 'a ; between dollar quotes', sql: and('surname || $q$;$q$') },
  { name: 'a ; between plain dollar quotes', sql: and('surname || $$;$$') },
  { name: 'a backslash and a quote in an E string', sql: `${and("coalesce(surname, E'\\'/*')")} /* */` },
  { name: 'a comment sign in a string', sql: and("surname || '--'") },
  {
    name: 'a quote in a comment',
    sql: `ALTER TABLE recruits -- it's; ok\n ALTER surname TYPE text, ALTER id_number TYPE text USING 'x'`,
  },
  ...["It's the key", '5" wide', 'worth $$'].map((comment) => ({
    name: `a comment inside of a statement, and again in a later one: ${comment}`,
    sql: `CREATE TABLE one (id int -- ${comment}\n); ALTER TABLE recruits ALTER id_number TYPE text USING left(id_number, 1);
      CREATE TABLE two (id int -- ${comment}\n); ALTER TABLE recruits ALTER surname TYPE text`,
  })),
  {
    name: 'a comment that ends with a carriage return',
    sql: `SELECT 1; -- \rALTER TABLE recruits ALTER id_number TYPE text USING 'x', ALTER surname TYPE text\n; ALTER TABLE recruits ALTER surname TYPE text`,
  },
  {
    name: 'a widening behind such a comment',
    sql: `SELECT 1; -- \rALTER TABLE recruits ALTER age TYPE bigint USING 1\n; ALTER TABLE recruits ALTER age TYPE bigint`,
  },
  {
    name: 'dollars at the end of a name that is not ASCII',
    sql: 'SELECT 1 AS €$$; ALTER TABLE recruits ALTER age TYPE bigint USING 1; SELECT 2 AS €$$; ALTER TABLE recruits ALTER age TYPE bigint',
  },
  {
    name: 'backslashes that escape, in the guard’s own strings',
    sql: "SET standard_conforming_strings = off; ALTER TABLE recruits ALTER surname TYPE text, ALTER id_number TYPE text USING 'x'",
  },
  {
    name: 'a name in Unicode escapes beside a plain one',
    sql: 'ALTER TABLE recruits ALTER surname TYPE text, ALTER U&"id\\005Fnumber" TYPE text USING \'x\'',
  },
  {
    name: 'a name in Unicode escapes of one’s own',
    sql: "ALTER TABLE recruits ALTER surname TYPE text, ALTER u&\"id!005Fnumber\" UESCAPE '!' TYPE text USING 'x'",
  },
  {
    name: 'the table in Unicode escapes',
    sql: 'ALTER TABLE U&"recr\\0075its" ALTER surname TYPE text, ALTER id_number TYPE text USING \'x\'',
  },
  {
    name: 'a name with two quotes',
    setup: 'ALTER TABLE recruits ADD COLUMN "a""b" text; UPDATE recruits SET "a""b" = id_number || 1',
    sql: 'ALTER TABLE recruits ALTER surname TYPE text, ALTER "a""b" TYPE text USING \'x\'',
  },
  {
    name: 'a capital that is not ASCII',
    setup: 'ALTER TABLE recruits ADD COLUMN "Ärger" text; UPDATE recruits SET "Ärger" = id_number || 2',
    sql: 'ALTER TABLE recruits ALTER surname TYPE text, ALTER "Ärger" TYPE text USING \'x\'',
  },
  {
    name: 'a name that PostgreSQL cuts',
    setup: `ALTER TABLE recruits ADD COLUMN ${'x'.repeat(70)} text; UPDATE recruits SET ${'x'.repeat(63)} = id_number || 3`,
    sql: `ALTER TABLE recruits ALTER surname TYPE text, ALTER ${'x'.repeat(70)} TYPE text USING 'x'`,
  },
  {
    name: 'a column in a name with a quote before it',
    sql: 'ALTER TABLE recruits ALTER surname TYPE text,ALTER"id_number"TYPE text USING \'x\'',
  },
  {
    name: 'the second of many statements',
    sql: "ALTER TABLE pets ALTER name TYPE varchar(9); ALTER TABLE recruits ALTER surname TYPE varchar(50), ALTER id_number TYPE text USING 'x'; ALTER TABLE pets ALTER name TYPE text",
  },
  {
    name: 'a statement after a step back',
    sql: "BEGIN; SAVEPOINT s; ALTER TABLE pets ALTER name TYPE varchar(9); ROLLBACK TO s; ALTER TABLE recruits ALTER id_number TYPE text USING 'x'; ALTER TABLE pets ALTER name TYPE text; COMMIT;",
  },
  {
    name: 'put together, with a quote and a line that look like its end',
    sql: `DO $x$ BEGIN EXECUTE E'ALTER TABLE recruits ALTER surname TYPE text /* "\\nPL/pgSQL function */, ALTER id_number TYPE text USING ''x'''; END $x$`,
  },
  {
    name: 'in a function of SQL inside of one that names another column',
    sql: "CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $f$ ALTER TABLE recruits ALTER id_number TYPE text USING 'x' $f$; DO $x$ BEGIN PERFORM g() AS surname; END $x$",
  },
  // a value that looks like none
  { name: 'DROP of composite values with an empty field', setup: withAddr, sql: 'ALTER TABLE recruits DROP a' },
  { name: 'DROP of a domain over composite values', setup: withAddr, sql: 'ALTER TABLE recruits DROP h' },
  { name: 'USING NULL on composite values', setup: withAddr, sql: 'ALTER TABLE recruits ALTER h TYPE text USING NULL' },
  {
    name: 'DROP TABLE with composite values alone',
    setup: `${addr}; CREATE TABLE homes (a addr); INSERT INTO homes VALUES (ROW('x', NULL))`,
    sql: 'DROP TABLE homes',
  },
  {
    name: 'DROP of composite values of a table without a key',
    setup: `${addr}; ALTER TABLE keyless ADD h addr; UPDATE keyless SET h = ROW('s', NULL)`,
    sql: 'ALTER TABLE keyless DROP h',
  },
  {
    name: 'an archive that lacks one composite value',
    setup: withAddr,
    sql: 'CREATE TABLE archive.kept AS SELECT id, CASE WHEN id > 101 THEN a END AS a FROM recruits; ALTER TABLE recruits DROP a',
  },
  // kept by coincidence
  {
    name: 'a new boolean that is true everywhere',
    setup: flag,
    attacks,
    sql: 'ALTER TABLE recruits ADD verified boolean; UPDATE recruits SET verified = true; ALTER TABLE recruits DROP active',
  },
  {
    name: 'an archive of something else with the same key and type',
    setup: flag,
    attacks,
    sql: 'CREATE TABLE archive.laptops (id int PRIMARY KEY, has_laptop boolean); INSERT INTO archive.laptops SELECT i, true FROM generate_series(1, 200) i; ALTER TABLE recruits DROP active',
  },
  {
    name: 'the key of an archive that happens to be equal',
    attacks,
    sql: 'ALTER TABLE recruits ADD COLUMN seat int; CREATE TABLE archive.kept (id int PRIMARY KEY, nick text); INSERT INTO archive.kept SELECT id, nick FROM recruits; UPDATE recruits SET seat = id; ALTER TABLE recruits DROP seat',
  },
  {
    name: 'the archive of another column that is equal by chance',
    attacks,
    sql: 'CREATE TABLE archive.kept AS SELECT id, chatname FROM recruits; ALTER TABLE recruits DROP twin',
  },
  {
    name: 'the archive of another column that goes too, and is equal by chance',
    attacks,
    sql: 'CREATE TABLE archive.kept AS SELECT id, chatname FROM recruits; ALTER TABLE recruits DROP chatname, DROP twin',
  },
  {
    name: 'a new key that happens to be equal',
    attacks,
    setup: "CREATE TABLE loose (a int, b text); INSERT INTO loose VALUES (1, 'x'), (2, 'y')",
    sql: 'ALTER TABLE loose ADD COLUMN k serial; ALTER TABLE loose ADD PRIMARY KEY (k); ALTER TABLE loose DROP a',
  },
  {
    name: 'a new column of one constant text',
    attacks,
    setup: "ALTER TABLE recruits ADD country text; UPDATE recruits SET country = 'DE'",
    sql: "ALTER TABLE recruits ADD nation text; UPDATE recruits SET nation = 'DE'; ALTER TABLE recruits DROP country",
  },
  // read under another zone, or without a key
  {
    name: 'a time that is read in one zone and written in another',
    sql: "SET timezone = 'Asia/Tokyo'; ALTER TABLE recruits ALTER joined TYPE timestamp; SET timezone = 'UTC'; ALTER TABLE recruits ALTER joined TYPE timestamptz",
  },
  {
    name: 'the same in one statement',
    sql: "SET timezone = 'Asia/Tokyo'; ALTER TABLE recruits ALTER joined TYPE timestamp USING joined AT TIME ZONE 'America/Lima'",
  },
  {
    name: 'an array of times that is read in a zone',
    setup: 'ALTER TABLE recruits ADD times timestamptz[]; UPDATE recruits SET times = ARRAY[joined]',
    sql: "SET timezone = 'Asia/Tokyo'; ALTER TABLE recruits ALTER times TYPE timestamp[]",
  },
  {
    name: 'values of a table without a key change places',
    sql: "ALTER TABLE keyless ALTER b TYPE text USING CASE b WHEN 'v1' THEN 'v2' ELSE 'v1' END",
  },
  {
    name: 'values change places when the key is gone',
    sql: "ALTER TABLE badges DROP CONSTRAINT badges_pkey; ALTER TABLE badges ALTER id DROP NOT NULL, ALTER label TYPE text USING CASE label WHEN 'B1' THEN 'B2' ELSE 'B1' END",
  },
  {
    name: 'values change places in the statement that drops the key',
    sql: "ALTER TABLE badges DROP CONSTRAINT badges_pkey, ALTER label TYPE text USING CASE label WHEN 'B1' THEN 'B2' ELSE 'B1' END",
  },
  { name: 'a widening that is none, by USING', sql: 'ALTER TABLE recruits ALTER age TYPE bigint USING 1' },
  {
    name: 'a widening beside one that is none',
    sql: 'ALTER TABLE recruits ALTER age TYPE bigint, ALTER score TYPE int',
  },
]
