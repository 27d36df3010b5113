import type { DestructiveCase } from './guard-corpus.ts'

/** Runs a statement for each trigger on a table that is not PostgreSQL's own: %1$I is the trigger, %2$s the table. */
const eachTrigger = (statement: string, table = 'keyless') =>
  `DO $x$ DECLARE t record; BEGIN FOR t IN SELECT tgname, tgrelid::regclass AS r FROM pg_trigger WHERE tgrelid = '${table}'::regclass AND NOT tgisinternal
   LOOP EXECUTE format($y$${statement}$y$, t.tgname, t.r); END LOOP; END $x$`
/** Runs a statement for each function in schema workshop: %s is its signature. */
const eachFunction = (statement: string) =>
  `DO $x$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = to_regnamespace('workshop')
   LOOP EXECUTE format($y$${statement}$y$, f); END LOOP; END $x$`
const strike = 'DELETE FROM keyless'
const drop = 'ALTER TABLE recruits DROP COLUMN id_number'
const mayNot = ['42501', 'WK001']
const attacks = 'the guard' as const

/** Scripts that go for the guard first. */
export const againstTheGuard: DestructiveCase[] = [
  // its triggers
  { name: 'DISABLE TRIGGER ALL', ends: mayNot, sql: `ALTER TABLE keyless DISABLE TRIGGER ALL; ${strike}` },
  { name: 'DISABLE TRIGGER USER', sql: `ALTER TABLE keyless DISABLE TRIGGER USER; ${strike}` },
  {
    name: 'DISABLE TRIGGER USER of an archive, in one transaction',
    sql: 'BEGIN; ALTER TABLE archive.departed DISABLE TRIGGER USER; TRUNCATE archive.departed; COMMIT',
  },
  {
    name: 'DISABLE TRIGGER USER, put on again afterwards',
    sql: `ALTER TABLE keyless DISABLE TRIGGER USER, ENABLE TRIGGER USER; ${strike}`,
  },
  {
    name: 'DISABLE TRIGGER of a partition in another schema',
    sql: 'ALTER TABLE other.measurements_east DISABLE TRIGGER USER; TRUNCATE other.measurements_east',
  },
  { name: 'DISABLE TRIGGER by name', sql: `${eachTrigger('ALTER TABLE %2$s DISABLE TRIGGER %1$I')}; ${strike}` },
  { name: 'ENABLE REPLICA TRIGGER', sql: `${eachTrigger('ALTER TABLE %2$s ENABLE REPLICA TRIGGER %1$I')}; ${strike}` },
  { name: 'DROP TRIGGER', sql: `${eachTrigger('DROP TRIGGER %1$I ON %2$s')}; ${strike}` },
  {
    name: 'a trigger is renamed, then dropped',
    sql: `${eachTrigger('ALTER TRIGGER %1$I ON %2$s RENAME TO z')}; DROP TRIGGER IF EXISTS z ON keyless; ${strike}`,
  },
  {
    name: 'a trigger is replaced by one that does nothing',
    sql: `CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      ${eachTrigger('CREATE OR REPLACE TRIGGER %1$I BEFORE DELETE ON %2$s EXECUTE FUNCTION public.nothing()')}; ${strike}`,
  },
  {
    name: 'a trigger is replaced by one with a condition',
    ends: mayNot,
    sql: `${eachTrigger('CREATE OR REPLACE TRIGGER %1$I BEFORE TRUNCATE ON %2$s EXECUTE FUNCTION workshop.keep_rows()')}; ${strike}`,
  },
  {
    name: 'a trigger goes with an extension',
    sql: `CREATE EXTENSION citext; ${eachTrigger('ALTER TRIGGER %1$I ON %2$s DEPENDS ON EXTENSION citext')}; DROP EXTENSION citext; ${strike}`,
  },
  {
    name: 'a table becomes a part of an extension, then goes with it',
    ends: mayNot,
    sql: 'CREATE EXTENSION citext; ALTER EXTENSION citext ADD TABLE keyless; DROP EXTENSION citext',
  },
  {
    name: 'an archive becomes a part of an extension',
    ends: mayNot,
    sql: 'CREATE EXTENSION citext; ALTER EXTENSION citext ADD TABLE archive.departed; ALTER TABLE archive.departed DROP COLUMN reason',
  },
  {
    name: 'schema archive becomes a part of an extension, then goes with it',
    ends: mayNot,
    sql: 'CREATE EXTENSION citext; ALTER EXTENSION citext ADD SCHEMA archive; DROP EXTENSION citext CASCADE',
  },
  // its functions, its schema, its tables
  { name: 'DROP SCHEMA workshop', ends: mayNot, attacks, sql: 'DROP SCHEMA workshop CASCADE' },
  {
    name: 'DROP FUNCTION of its functions',
    ends: mayNot,
    sql: `${eachFunction('DROP FUNCTION %s CASCADE')}; ${strike}`,
  },
  {
    name: 'ALTER FUNCTION … RENAME',
    ends: mayNot,
    sql: `${eachFunction('ALTER FUNCTION %s RENAME TO gone')}; ${strike}`,
  },
  {
    name: 'ALTER FUNCTION … SET',
    ends: mayNot,
    sql: `${eachFunction('ALTER FUNCTION %s SET search_path = public')}; ${strike}`,
  },
  {
    name: 'REVOKE of the right to run it',
    ends: ['WK001', '42501'],
    sql: `${eachFunction('REVOKE ALL ON FUNCTION %s FROM PUBLIC, prod, postgres')}; ${strike}`,
  },
  {
    name: 'CREATE OR REPLACE FUNCTION in schema workshop',
    ends: mayNot,
    attacks,
    sql: "CREATE OR REPLACE FUNCTION workshop.keep_rows() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
  },
  { name: 'CREATE TABLE in schema workshop', ends: mayNot, attacks, sql: 'CREATE TABLE workshop.kept (id int)' },
  { name: 'ALTER SCHEMA workshop RENAME', ends: mayNot, attacks, sql: 'ALTER SCHEMA workshop RENAME TO gone' },
  {
    name: 'DROP EVENT TRIGGER',
    ends: mayNot,
    sql: `DO $x$ DECLARE n name; BEGIN FOR n IN SELECT evtname FROM pg_event_trigger LOOP EXECUTE format('DROP EVENT TRIGGER %I', n); END LOOP; END $x$; DROP TABLE keyless`,
  },
  {
    name: 'ALTER EVENT TRIGGER … DISABLE',
    ends: mayNot,
    sql: `DO $x$ DECLARE n name; BEGIN FOR n IN SELECT evtname FROM pg_event_trigger LOOP EXECUTE format('ALTER EVENT TRIGGER %I DISABLE', n); END LOOP; END $x$; DROP TABLE keyless`,
  },
  {
    name: 'what it knows of columns is emptied',
    ends: mayNot,
    sql: `DO $x$ BEGIN IF to_regclass('workshop.known_columns') IS NOT NULL THEN DELETE FROM workshop.known_columns; END IF; END $x$; ALTER TABLE recruits DROP COLUMN chatname`,
  },
  {
    name: 'what it knows of columns is changed',
    ends: mayNot,
    sql: `DO $x$ BEGIN IF to_regclass('workshop.known_columns') IS NOT NULL THEN UPDATE workshop.known_columns SET "values" = 0; END IF; END $x$; ALTER TABLE recruits DROP COLUMN chatname`,
  },
  {
    name: 'what it noted is written beforehand',
    ends: mayNot,
    sql: `DO $x$ BEGIN IF to_regclass('workshop.guard_notes') IS NOT NULL THEN INSERT INTO workshop.guard_notes (command, table_oid, attnum, table_name, "rows", "values") SELECT 1, 'keyless'::regclass, 0, 'keyless', 0, 0; END IF; END $x$; DROP TABLE keyless`,
  },
  {
    name: 'its own functions are called',
    attacks,
    sql: "SELECT workshop.is_guarded('recruits'::regclass), workshop.write_ledger('deploy', '{}', NULL); ALTER TABLE recruits DROP COLUMN chatname",
  },
  // rules
  {
    name: 'a rule ON DELETE that does nothing',
    attacks,
    sql: 'CREATE RULE r AS ON DELETE TO keyless DO INSTEAD NOTHING',
  },
  {
    name: 'a rule ON DELETE that empties another table',
    sql: 'CREATE RULE r AS ON DELETE TO blank DO INSTEAD DELETE FROM keyless; DELETE FROM blank',
  },
  {
    name: 'a rule ON INSERT that deletes',
    sql: 'CREATE RULE r AS ON INSERT TO blank DO ALSO DELETE FROM pets; INSERT INTO blank VALUES (1)',
  },
  {
    name: 'a rule ON UPDATE that deletes instead',
    sql: 'CREATE RULE r AS ON UPDATE TO pets DO INSTEAD DELETE FROM pets WHERE id = OLD.id; UPDATE pets SET name = name',
  },
  {
    name: 'a rule of a view that deletes',
    sql: 'CREATE RULE r AS ON UPDATE TO names DO INSTEAD DELETE FROM pets; UPDATE names SET id = id',
  },
  // where a crash would empty a table
  { name: 'SET UNLOGGED', attacks, sql: 'ALTER TABLE keyless SET UNLOGGED' },
  {
    name: 'CREATE UNLOGGED TABLE',
    attacks,
    sql: "CREATE UNLOGGED TABLE u (id int PRIMARY KEY, x text); INSERT INTO u VALUES (1, 'x')",
  },
  {
    name: 'an archive that is unlogged',
    attacks,
    sql: `CREATE UNLOGGED TABLE archive.kept AS SELECT id, id_number FROM recruits; ${drop}`,
  },
  {
    name: 'an unlogged table that moves in',
    attacks,
    sql: 'CREATE UNLOGGED TABLE other.u (id int); ALTER TABLE other.u SET SCHEMA public',
  },
  {
    name: 'an unlogged partition',
    attacks,
    sql: "CREATE UNLOGGED TABLE other.u PARTITION OF measurements FOR VALUES IN ('west')",
  },
]
