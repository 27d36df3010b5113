import type { DestructiveCase } from './guard-corpus.ts'

const attacks = 'the guard' as const
/** A function that runs a command of its own, and gives back `value`. */
const busy = (command: string, value: string, what = 'text', head = '') =>
  `CREATE FUNCTION f(text) RETURNS ${what} LANGUAGE plpgsql ${head} AS $f$ BEGIN EXECUTE '${command}'; RETURN ${value}; END $f$`
const retype = (how = "'x'", type = 'text') => `ALTER TABLE recruits ALTER id_number TYPE ${type} USING ${how}`
const twoCopies =
  'ALTER TABLE recruits ADD COLUMN c text, ADD COLUMN d text; UPDATE recruits SET c = id_number, d = id_number; ALTER TABLE recruits DROP COLUMN id_number'
const eachMerge = (statement: string) =>
  `DO $x$ DECLARE t record; BEGIN FOR t IN SELECT tgname, tgrelid::regclass AS r FROM pg_trigger WHERE tgparentid = 0 AND tgname ~ 'workshop_guard_merges'
   LOOP EXECUTE format($y$${statement}$y$, t.tgname, t.r); END LOOP; END $x$`
const mergeIn = (region: string, id: number) =>
  `MERGE INTO measurements m USING pets ON m.id = ${id} AND pets.id = 201 WHEN MATCHED THEN UPDATE SET region = '${region}'`
const swallow = (table: string, when = '') =>
  `CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER s BEFORE INSERT ON ${table} FOR EACH ROW ${when} EXECUTE FUNCTION swallow()`

/** Scripts in which something happens between the guard's count and its verdict. */
export const insideACommand: DestructiveCase[] = [
  // a command inside of the command
  ...[
    'COMMENT ON TABLE pets IS NULL',
    'GRANT SELECT ON pets TO PUBLIC',
    'CREATE TEMP SEQUENCE IF NOT EXISTS s',
    'CREATE TEMP TABLE IF NOT EXISTS t ()',
    'CREATE OR REPLACE VIEW v AS SELECT 1 AS x',
    'ALTER ROLE prod SET lock_timeout = 1000',
    'ALTER TABLE pets ALTER name SET STATISTICS 10',
    'DROP TABLE IF EXISTS no_such',
  ].map((command) => ({
    name: `USING a function that runs: ${command}`,
    sql: `${busy(command, "'x'")}; ${retype('f(id_number)')}`,
  })),
  {
    name: 'a command inside, in a SECURITY DEFINER function, and another type',
    sql: `${busy('COMMENT ON TABLE pets IS NULL', '0', 'int', 'SECURITY DEFINER')}; ${retype('f(id_number)', 'int')}`,
  },
  {
    name: 'a command inside, from a CHECK of the same statement',
    sql: `${busy('COMMENT ON TABLE pets IS NULL', 'true', 'boolean')}; ALTER TABLE recruits ADD CHECK (f(surname)), ALTER id_number TYPE varchar(9) USING 'x'`,
  },
  {
    name: 'a command inside, from a CHECK that was there',
    setup: `${busy('COMMENT ON TABLE pets IS NULL', 'true', 'boolean')}; ALTER TABLE recruits ADD CHECK (f(surname))`,
    sql: retype(),
  },
  {
    name: 'a command inside, from the CHECK of a domain',
    sql: `${busy('COMMENT ON TABLE pets IS NULL', 'true', 'boolean')}; CREATE DOMAIN d AS text CHECK (f(VALUE)); ${retype("'x'::d", 'd')}`,
  },
  {
    name: 'a command inside, from a DEFAULT',
    sql: `CREATE FUNCTION g() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN EXECUTE 'COMMENT ON TABLE pets IS NULL'; RETURN 'x'; END $f$; ALTER TABLE recruits ADD COLUMN z text DEFAULT g(), ALTER id_number TYPE text USING 'x'`,
  },
  {
    name: 'a command inside, beside a column that is dropped',
    sql: `${busy('COMMENT ON TABLE pets IS NULL', '$1')}; ALTER TABLE recruits DROP COLUMN id_number, ALTER surname TYPE text USING f(surname)`,
  },
  // the place goes or changes meanwhile
  {
    name: 'of two new copies one is dropped and the other cut',
    sql: `${twoCopies}; ALTER TABLE recruits DROP c, ALTER d TYPE text USING left(d, 1)`,
  },
  {
    name: 'two new copies are written over at once',
    sql: `${twoCopies}; ALTER TABLE recruits ALTER c TYPE text USING 'x', ALTER d TYPE text USING 'x'`,
  },
  { name: 'two new copies are dropped at once', sql: `${twoCopies}; ALTER TABLE recruits DROP c, DROP d` },
  {
    name: 'a column is dropped, and its new copy is written over',
    sql: "ALTER TABLE recruits ADD c text; UPDATE recruits SET c = id_number; ALTER TABLE recruits DROP id_number, ALTER c TYPE text USING 'x'",
  },
  {
    name: 'two archives that inherit the table',
    sql: 'CREATE TABLE archive.a (PRIMARY KEY (id)) INHERITS (pets); CREATE TABLE archive.b (PRIMARY KEY (id)) INHERITS (pets); INSERT INTO archive.a SELECT * FROM ONLY pets; INSERT INTO archive.b SELECT * FROM ONLY pets; ALTER TABLE pets DROP name',
  },
  {
    name: 'the archive is written over by USING',
    sql: `CREATE TABLE archive.kept AS SELECT id, id_number FROM recruits; CREATE FUNCTION f(text) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN UPDATE archive.kept SET id_number = 'gone'; RETURN 'x'; END $f$; ${retype('f(id_number)')}`,
  },
  {
    name: 'the new copy is written over by USING',
    sql: `CREATE TABLE archive.kept AS SELECT id, nick FROM recruits; CREATE FUNCTION f(text) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN UPDATE archive.kept SET nick = NULL; RETURN $1; END $f$; ALTER TABLE recruits DROP nick, ALTER surname TYPE varchar(40) USING f(surname)`,
  },
  {
    name: 'an unlogged table becomes the archive with its schema',
    attacks,
    setup: 'ALTER TABLE archive.departed SET SCHEMA public; DROP SCHEMA archive',
    sql: 'CREATE SCHEMA attic; CREATE UNLOGGED TABLE attic.kept AS SELECT id, id_number FROM recruits; ALTER SCHEMA attic RENAME TO archive; ALTER TABLE recruits DROP id_number',
  },
  // rows that do not arrive
  {
    name: 'an UPDATE to a partition that swallows',
    sql: `${swallow('measurements_north')}; UPDATE measurements SET region = 'north' WHERE id = 503`,
  },
  {
    name: 'an UPDATE, swallowed by a trigger of the whole table',
    sql: `${swallow('measurements')}; UPDATE measurements SET region = 'north'`,
  },
  {
    name: 'an UPDATE to a partition in another schema that swallows',
    sql: `${swallow('other.measurements_east')}; UPDATE measurements SET region = 'east' WHERE id = 501`,
  },
  {
    name: 'an UPDATE between partitions of a partition, one of which swallows',
    sql: `${swallow('measurements_south_high')}; UPDATE measurements_south SET id = 700 WHERE id = 503`,
  },
  {
    name: 'an UPDATE of many rows, one of which is swallowed',
    sql: `${swallow('measurements_north', 'WHEN (NEW.id = 503)')}; UPDATE measurements SET region = 'north' WHERE region <> 'north'`,
  },
  {
    name: 'a MERGE to a partition that swallows',
    sql: `${swallow('measurements_north')}; ${mergeIn('north', 503)}`,
  },
  {
    name: 'a MERGE that was prepared, swallowed',
    sql: `${swallow('measurements_north')}; DO $x$ BEGIN EXECUTE $m$PREPARE m AS ${mergeIn('north', 503)}$m$; EXECUTE 'EXECUTE m'; END $x$`,
  },
  {
    name: 'a MERGE where a backslash in a string is one no more, swallowed',
    sql: `${swallow('measurements_north')}; SET standard_conforming_strings = off; ${mergeIn('north', 503)}`,
  },
  ...[
    'DROP TRIGGER %1$I ON %2$s',
    'ALTER TABLE %2$s DISABLE TRIGGER %1$I',
    'CREATE OR REPLACE TRIGGER %1$I AFTER DELETE ON %2$s FOR EACH ROW EXECUTE FUNCTION public.swallow()',
  ].map((statement) => ({
    name: `a MERGE after: ${statement}`,
    sql: `${swallow('other.measurements_east')}; ${eachMerge(statement)}; ${mergeIn('east', 501)}`,
  })),
  {
    name: 'an UPDATE in a function, swallowed',
    sql: `${swallow('measurements_north')}; DO $x$ BEGIN UPDATE measurements SET region = 'north' WHERE id = 504; END $x$`,
  },
  {
    name: 'the trigger that counts the rows is disabled',
    attacks,
    ends: ['WK001', '42501'],
    sql: 'ALTER TABLE measurements DISABLE TRIGGER workshop_guard_moves',
  },
  {
    name: 'the trigger that counts the rows is dropped',
    attacks,
    sql: 'DROP TRIGGER workshop_guard_moves ON measurements',
  },
]
