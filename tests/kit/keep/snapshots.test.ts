import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { collect } from '../../../kit/project/processes.ts'
import { differencesTo } from '../../../kit/keep/snapshot-load.ts'
import { installedPsql } from '../../support/conditions.ts'
import { oneValueOf, ownTypes } from '../../support/guard-types.ts'
import { guardedDatabase } from '../../support/guarded.ts'
import { catalogFacts } from './catalog-facts.ts'
import { connect, database, into, load, server, startSnapshotBed, stopSnapshotBed, take } from './snapshot-bed.ts'
import { databases } from './snapshot-corpus.ts'

beforeAll(startSnapshotBed)
afterAll(stopSnapshotBed)

describe('a copy fills an empty database with all that there was, value by value:', () => {
  test.each(Object.entries(databases))('%s', async (_, script) => {
    const original = await database(script)
    const other = await database()
    const snapshot = await take(original)
    expect(snapshot.leftOut).toEqual([])
    await load(other, snapshot)
    expect(await differencesTo(other, snapshot)).toEqual([])
    expect(await catalogFacts(other)).toEqual(await catalogFacts(original))
    await original.end()
    await other.end()
  })

  test('a column of every type, and an array of it', async () => {
    const types = Object.keys(oneValueOf)
    const columns = types.map((type, i) => `one_${i} "${type}", many_${i} "${type}"[]`).join(', ')
    const original = await database(`${ownTypes} CREATE TABLE typed (id int PRIMARY KEY, ${columns})`)
    const values = Object.entries(oneValueOf).flatMap(([, value]) => [value, [value, null]])
    const places = types.map((type, i) => `$${2 * i + 1}::text::"${type}", $${2 * i + 2}::text[]::"${type}"[]`)
    await original.query(`INSERT INTO typed VALUES (1, ${places.join(', ')})`, values)
    await original.query('INSERT INTO typed (id) VALUES (2)')
    const other = await database()
    const snapshot = await take(original)
    await load(other, snapshot)
    expect(await differencesTo(other, snapshot)).toEqual([])
    const text = 'SELECT t::text FROM typed AS t ORDER BY id'
    expect((await other.query(text)).rows).toEqual((await original.query(text)).rows)
    await original.end()
    await other.end()
  })
})

describe('a comparison finds', () => {
  test.each([
    ['one value that is another', "UPDATE t SET v = 'z' WHERE id = 2", 'the rows of public.t'],
    ['a row more', "INSERT INTO t VALUES (9, 'x')", 'the rows of public.t'],
    ['a table more', 'CREATE TABLE more ()', 'what is made before the rows come'],
    ['an index less', 'DROP INDEX i', 'what is made after the rows come'],
    ['a sequence that has moved', "SELECT nextval('s')", 'the state of the sequences'],
  ])('%s', async (_, change, found) => {
    const script =
      "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b'); CREATE INDEX i ON t (v); CREATE SEQUENCE s"
    const original = await database(script)
    const snapshot = await take(original)
    expect(await differencesTo(original, snapshot)).toEqual([])
    await original.query(change)
    expect(await differencesTo(original, snapshot)).toEqual([found])
    await original.end()
  })
})

test('a copy shows one moment, while others write and nobody is a superuser', async () => {
  const writer = await database('CREATE TABLE a (n int); CREATE TABLE b (n int)', 'prod')
  const reader = await connect(server.url(writer.database!, 'prod', 'prod'))
  let n = 0
  const taken = new AbortController()
  const writing = (async () => {
    while (!taken.signal.aborted)
      await writer.query(`BEGIN; INSERT INTO a VALUES (${++n}); INSERT INTO b VALUES (${n}); COMMIT`)
  })()
  const rows: number[][] = []
  for (let i = 0; i < 5; i++) rows.push((await take(reader)).tables.map((table) => table.rows))
  taken.abort()
  await writing
  expect(rows.every(([a, b]) => a === b)).toBe(true)
  expect(rows.at(-1)![0]).toBeGreaterThan(rows[0]![0]!)
  await reader.end()
  await writer.end()
})

test('what is written inside is of the same moment, and a copy that only reads writes nothing', async () => {
  const client = await database('CREATE TABLE t (n int); INSERT INTO t VALUES (1)', 'prod')
  const seen: unknown[] = []
  const snapshot = await take(client, {
    inside: async (name) => {
      const other = await connect(server.url(client.database!, 'prod', 'prod'))
      await other.query('INSERT INTO t VALUES (2)')
      await other.end()
      seen.push(name, ...(await client.query('SELECT n FROM public.t')).rows)
      await client.query('INSERT INTO public.t VALUES (3)')
    },
  })
  expect(seen).toEqual([snapshot.name, { n: 1 }])
  expect(snapshot.tables[0]).toMatchObject({ rows: 1 })
  await client.query("SET default_transaction_read_only = 'on'")
  await expect(take(client)).resolves.toMatchObject({ tables: [{ rows: 3 }] })
  await client.end()
})

test('a table that the role may not read stops the copy, is named, and leaves nothing behind', async () => {
  const admin = await database('CREATE TABLE secret (n int)')
  const client = await connect(server.url(admin.database!, 'prod', 'prod'))
  const before = readdirSync(into)
  await expect(take(client)).rejects.toMatchObject({
    message: 'PROD could not be copied: nothing was changed there.',
    why: 'PostgreSQL says: permission denied for table secret.',
  })
  expect(readdirSync(into)).toEqual(before)
  await client.end()
  await admin.end()
})

test('what only newer servers have comes back too', async () => {
  const [original, other] = [
    await database(
      `CREATE COLLATION ruled (PROVIDER = icu, LOCALE = 'de', RULES = '& a < z'); CREATE TABLE t (a text COLLATE ruled CHECK (a < 'x'), b text,
       CONSTRAINT b_there NOT NULL b NO INHERIT, CONSTRAINT c CHECK (b <> '') NOT ENFORCED, d text GENERATED ALWAYS AS (a || b)); INSERT INTO t VALUES ('a', '')`,
    ),
    await database(),
  ]
  const snapshot = await take(original)
  await load(other, snapshot)
  expect(await differencesTo(other, snapshot)).toEqual([])
  expect(await catalogFacts(other)).toEqual(await catalogFacts(original))
  await original.end()
  await other.end()
})

test('a materialized view upon one without data comes back without, and is named', async () => {
  const [original, other] = [
    await database(
      'CREATE MATERIALIZED VIEW a AS SELECT 1 AS n; CREATE MATERIALIZED VIEW b AS TABLE a; REFRESH MATERIALIZED VIEW a WITH NO DATA',
    ),
    await database(),
  ]
  const snapshot = await take(original)
  expect(snapshot.leftOut).toEqual(['rows of the materialized view b'])
  await load(other, snapshot)
  expect(await differencesTo(other, snapshot)).toEqual([])
  await original.end()
  await other.end()
})

test('the SQL of another version is not held against this one’s, and the rows are', async () => {
  const original = await database('CREATE TABLE t (v text); INSERT INTO t VALUES ($$a$$)')
  const snapshot = { ...(await take(original)), definedBy: 'another' }
  await original.query('CREATE INDEX i ON t (v)')
  expect(await differencesTo(original, snapshot)).toEqual([])
  await original.query("UPDATE t SET v = 'b'")
  expect(await differencesTo(original, snapshot)).toEqual(['the rows of public.t'])
  await original.end()
})

test('what a copy cannot hold is named', async () => {
  const client = await database(`SELECT lo_create(4242); CREATE TABLE t (n int); GRANT SELECT (n) ON t TO prod;
    CREATE AGGREGATE middle(float8 ORDER BY float8) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_cont_float8_final); ALTER TABLE t ALTER n SET STATISTICS 50;
    CREATE TYPE e AS ENUM ('a'); CREATE FUNCTION f(e) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE CAST (e AS int) WITH FUNCTION f(e);
    CREATE OPERATOR CLASS ints FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
    CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple); CREATE CONVERSION latin FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
    CREATE VIEW v AS SELECT n FROM t; ALTER VIEW v ALTER n SET DEFAULT 7; CREATE TABLE child () INHERITS (t)`)
  expect((await take(client)).leftOut).toEqual([
    'aggregate middle',
    'conversion latin',
    'default of a view public.v',
    'large object 4242',
    'operator class ints',
    'right on a column public.t.n',
    'storage or statistics of a column public.t.n',
    'text search dictionary words',
    'tie of a column to its parent public.child.n',
  ])
  await client.end()
})

test('a file that was changed since is noticed, and nothing of the copy stays in the database', async () => {
  const original = await database('CREATE TABLE t (v text); INSERT INTO t VALUES ($$a$$)')
  const snapshot = await take(original)
  appendFileSync(join(snapshot.folder, snapshot.tables[0]!.file), 'b\n')
  const other = await database()
  await expect(load(other, snapshot)).rejects.toThrow('This copy is damaged: nothing was changed.')
  expect((await other.query("SELECT FROM pg_tables WHERE schemaname = 'public'")).rowCount).toBe(0)
  await original.end()
  await other.end()
})

test('the files are for their owner’s eyes: they hold people’s data', async () => {
  const client = await database('CREATE TABLE t (v text)')
  const { folder, tables } = await take(client)
  if (process.platform !== 'win32') {
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, tables[0]!.file)).mode & 0o777).toBe(0o600)
  }
  await client.end()
})

test('the guard of a copy knows what the original’s knew, under other numbers', async () => {
  const original = await guardedDatabase(server)
  await original.prod.query(`CREATE TABLE t (gone int, id int PRIMARY KEY, old text); ALTER TABLE t DROP gone;
    INSERT INTO t (id, old) VALUES (1, 'x'); SELECT workshop.write_ledger('deploy', '{}', NULL);
    ALTER TABLE t ADD new text; UPDATE t SET new = old; SELECT workshop.write_ledger('deploy', '{}', NULL)`)
  expect((await take(original.prod)).known).toEqual([
    { table: 'public.t', column: 'id', values: '1', copyOf: null },
    { table: 'public.t', column: 'new', values: '1', copyOf: 'old' },
    { table: 'public.t', column: 'old', values: '1', copyOf: null },
  ])
  await original.end()
})

installedPsql('restore.sql fills a database without the workshop, with psql alone', async (psql) => {
  const original = await database(Object.values(databases)[2]!)
  const snapshot = await take(original)
  const other = await database()
  const argv = [psql, server.url(other.database!), '-q', '-f', 'restore.sql']
  expect(await collect(argv, { cwd: snapshot.folder })).toMatchObject({ code: 0 })
  expect(await differencesTo(other, snapshot)).toEqual([])
  expect(readFileSync(join(snapshot.folder, 'restore.sql'), 'utf8')).not.toContain('admin')
  await original.end()
  await other.end()
})
