import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type pg from 'pg'
import { installGuard, readGuard } from '../../../kit/guard/guard.ts'
import { send } from './guard-bed.ts'
import { guardedDatabase, type GuardedDatabase } from '../../support/guarded.ts'
import { scratchServer15 } from '../hazards/server-15.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

// The guard on other servers, beside an older one, and where it has less than it is used to.

const teams =
  "CREATE TABLE teams (id int PRIMARY KEY, name text, n int); INSERT INTO teams VALUES (1, 'red', 1), (2, 'blue', 2);"
const refused = { ends: 'WK001' }
const passes = { ends: 'passes', message: '' }

async function holds({ admin, prod }: Pick<GuardedDatabase, 'admin' | 'prod'>): Promise<void> {
  expect(await send(prod, 'DELETE FROM teams')).toMatchObject(refused)
  expect(await send(prod, 'ALTER TABLE teams DROP name')).toMatchObject(refused)
  expect(await send(prod, "ALTER TABLE teams ALTER n TYPE bigint, ALTER name TYPE text USING 'x'")).toMatchObject(
    refused,
  )
  expect(await send(prod, 'ALTER TABLE teams ALTER n TYPE bigint; ALTER TABLE teams RENAME n TO size')).toMatchObject(
    passes,
  )
  expect(
    await send(prod, 'CREATE TABLE archive.old AS SELECT id, name FROM teams; ALTER TABLE teams DROP name'),
  ).toMatchObject(passes)
  expect(await readGuard(admin)).toBe('whole')
}

async function withTeams(server: Parameters<typeof guardedDatabase>[0]): Promise<GuardedDatabase> {
  const db = await guardedDatabase(server)
  await db.prod.query(`CREATE SCHEMA archive; ${teams}`)
  return db
}

test('PostgreSQL 15 holds it as 18 does', async () => {
  const server = await scratchServer15()
  try {
    const db = await withTeams(server as ScratchServer)
    await db.prod.query(
      `CREATE TABLE m (id int, r text) PARTITION BY LIST (r); CREATE TABLE m1 PARTITION OF m FOR VALUES IN ('a'); CREATE TABLE m2 PARTITION OF m FOR VALUES IN ('b');
       INSERT INTO m VALUES (1, 'a'); CREATE FUNCTION s() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER s BEFORE INSERT ON m2 FOR EACH ROW EXECUTE FUNCTION s()`,
    )
    expect(await send(db.prod, "UPDATE m SET r = 'b'")).toMatchObject(refused)
    await holds(db)
    await db.end()
  } finally {
    await server.stop()
  }
})

describe('on the workshop’s own server,', () => {
  let server: ScratchServer
  beforeAll(async () => {
    server = await scratchServer()
  })
  afterAll(() => server.stop())

  /** What there was of the guard, or was left of it, before this version is put in. */
  const others: [what: string, sql: string][] = [
    [
      'an older guard, with notes of another shape',
      `DROP TABLE workshop.guard_notes CASCADE; DROP TABLE workshop.guard_open, workshop.guard_scripts CASCADE;
       CREATE UNLOGGED TABLE workshop.guard_notes (pid int NOT NULL, table_oid oid NOT NULL, attnum int2 NOT NULL, name text NOT NULL, lost bigint, kept_in text[], PRIMARY KEY (pid, table_oid, attnum));
       CREATE FUNCTION workshop.fingerprints(t oid, columns int2[], hashed boolean DEFAULT true, was oid DEFAULT NULL, was_typmod int DEFAULT NULL, via text DEFAULT '')
         RETURNS TABLE (attnum int2, "rows" bigint, "values" bigint, fingerprint numeric) LANGUAGE sql AS 'SELECT NULL::int2, 0::bigint, 0::bigint, 0::numeric';
       DROP FUNCTION workshop.columns_at_risk(text, text), workshop.tables_at_risk(text, text);
       CREATE FUNCTION workshop.tables_at_risk(tag text, script text) RETURNS TABLE (oid oid) LANGUAGE sql AS 'SELECT 1::oid';
       CREATE FUNCTION workshop.columns_at_risk(tag text, script text) RETURNS TABLE (table_oid oid, attnum int2, retyped boolean, dropped boolean) LANGUAGE sql AS 'SELECT 1::oid, 1::int2, true, true';
       CREATE VIEW workshop.descendants AS SELECT inhparent AS ancestor, inhrelid AS oid FROM pg_inherits;
       CREATE OR REPLACE FUNCTION workshop.guard_before() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM workshop.guard_notes WHERE pid = 0; END'; COMMENT ON FUNCTION workshop.guard_before() IS 'older'`,
    ],
    [
      'one without its tables, which stops every command',
      'DROP TABLE workshop.guard_notes CASCADE; DROP TABLE workshop.guard_open CASCADE',
    ],
    [
      'one without its functions',
      'DROP FUNCTION workshop.keep_rows() CASCADE; DROP FUNCTION workshop.guard_after() CASCADE',
    ],
    [
      'one without the ledger',
      "DROP TABLE workshop.ledger_columns, workshop.known_columns CASCADE; COMMENT ON FUNCTION workshop.guard_before() IS 'older'",
    ],
  ]
  test.each(others)('this version takes the place of %s', async (_, sql) => {
    const db = await withTeams(server)
    await db.admin.query(`SET event_triggers = off; ${sql}`)
    expect(await readGuard(db.admin)).not.toBe('whole')
    await installGuard(await anotherSession(db))
    await holds(db)
    await db.end()
  })

  test('a role that may not make schemas reads how to keep its values in the archive that is there', async () => {
    const db = await withTeams(server)
    await db.admin.query(
      'DO $$ BEGIN EXECUTE format($f$REVOKE CREATE ON DATABASE %I FROM prod$f$, current_database()); END $$',
    )
    const refusal = await send(db.prod, 'ALTER TABLE teams DROP name')
    expect(refusal).toMatchObject(refused)
    expect(await send(db.prod, refusal.hint.slice(refusal.hint.indexOf(':\n') + 2))).toMatchObject(passes)
    expect(await send(db.prod, 'ALTER TABLE teams DROP name')).toMatchObject(passes)
    await db.end()
  })

  test.each([
    ['a table', 'ALTER TABLE teams SET SCHEMA other'],
    [
      'a partition’s table',
      'CREATE TABLE parts (id int) PARTITION BY LIST (id); INSERT INTO teams VALUES (3); ALTER TABLE parts SET SCHEMA other',
    ],
    ['the schema itself', 'ALTER SCHEMA public RENAME TO attic'],
  ])('where there is no archive yet, %s does not leave the kept schemas either', async (_, sql) => {
    const db = await guardedDatabase(server)
    await db.prod.query(`CREATE SCHEMA other; ${teams}`)
    expect(await send(db.prod, sql)).toMatchObject(refused)
    await db.end()
  })

  test('among a thousand tables a command waits no longer for the guard than it would among few', async () => {
    const db = await guardedDatabase(server)
    await db.admin.query(
      `SET event_triggers = off; SET client_min_messages = warning;
       DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a text, b int, c int)', i); END LOOP; END $$;
       DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('ALTER TABLE t%s OWNER TO prod', i); END LOOP; END $$; RESET event_triggers`,
    )
    await installGuard(db.admin)
    await db.prod.query("INSERT INTO t7 VALUES (1, 'x', 1, 1)")
    expect(await send(db.prod, 'ALTER TABLE t7 DROP a')).toMatchObject(refused)
    const commands = Array.from(
      { length: 20 },
      (_, i) => `ALTER TABLE t${i + 10} DROP a; ALTER TABLE t${i + 10} ALTER b TYPE text`,
    )
    const begun = performance.now()
    expect(await send(db.prod, commands.join('; '))).toMatchObject(passes)
    expect(performance.now() - begun).toBeLessThan(10_000)
    await db.end()
  })
})

/** `event_triggers` is off for the session that damaged it. */
async function anotherSession({ admin }: GuardedDatabase): Promise<pg.Client> {
  await admin.query('RESET event_triggers')
  return admin
}
