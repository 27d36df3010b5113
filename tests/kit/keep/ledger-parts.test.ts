import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { describeKept, describeLost, tellLedger } from '../../../kit/keep/ledger-entry.ts'
import { readLedger, writeLedger } from '../../../kit/keep/ledger.ts'
import { guardedDatabase, keptBetween } from '../../support/guarded.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'

let server: ScratchServer
beforeAll(async () => {
  server = await scratchServer()
})
afterAll(() => server.stop())

async function keptAfter(sql: string, setup: string, tables: string[]): Promise<string[]> {
  const kept = await keptBetween(server, { setup, sql, tables })
  return [describeKept(kept), ...describeLost(kept.lost)]
}

describe('of a composite value, an attribute', () => {
  const homes = `CREATE TYPE place AS (street text, is_far boolean); CREATE TYPE two AS (here place, there place); CREATE DOMAIN spot AS place;
    CREATE TABLE homes (id int PRIMARY KEY, one place, nested two, listed spot[], plain text);
    INSERT INTO homes SELECT i, ROW('a, "b" ' || i, i > 1)::place, ROW(ROW('c' || i, NULL)::place, NULL)::two, ARRAY[ROW('d' || i, true)::place, NULL]::spot[], 'p' || i FROM generate_series(1, 3) AS i;`
  const kept = (sql: string) => keptAfter(sql, homes, ['public.homes'])
  const all = ['PROD kept 3 of 3 homes, 15 of 15 values']

  test.each([
    ['comes', 'ALTER TYPE place ADD ATTRIBUTE zip text'],
    ['comes and is filled', "ALTER TYPE place ADD ATTRIBUTE zip text CASCADE; UPDATE homes SET one.zip = '1010'"],
    ['comes beside rows', "ALTER TYPE place ADD ATTRIBUTE zip text; INSERT INTO homes VALUES (4, ROW('x', true, 'z'))"],
    ['has another name', 'ALTER TYPE place RENAME ATTRIBUTE street TO road; ALTER TYPE place ADD ATTRIBUTE zip text'],
  ])('%s, and nothing is lost', async (_, sql) => {
    expect(await kept(sql)).toEqual(all)
  })

  test.each([
    ['one', "UPDATE homes SET one.street = 'z' WHERE id = 2"],
    ['nested', "UPDATE homes SET nested = ROW(ROW('z', NULL, NULL)::place, NULL)::two WHERE id = 2"],
    ['listed', 'UPDATE homes SET listed = listed[:1] WHERE id = 2'],
  ])('comes, and the value is overwritten in %s: that one is lost', async (column, sql) => {
    const [line, ...lost] = await kept(`ALTER TYPE place ADD ATTRIBUTE zip text; ${sql}`)
    expect(line).toBe('PROD kept 3 of 3 homes, 14 of 15 values')
    expect(lost[0]).toBe(`homes.${column}: 1 value is gone`)
    expect(lost).toHaveLength(2)
  })

  test('that comes is told in the ledger, and no value is said to differ', async () => {
    const db = await guardedDatabase(server)
    try {
      await db.prod.query(homes)
      await writeLedger(db.prod, { event: 'deploy' })
      await db.prod.query('ALTER TYPE place ADD ATTRIBUTE zip text')
      await writeLedger(db.prod, { event: 'deploy' })
      const told = tellLedger(await readLedger(db.prod)).join('\n')
      expect(told).toContain('place has a new attribute: zip')
      expect(told).not.toContain('some differ')
    } finally {
      await db.end()
    }
  })
})

test('nothing is lost by a column that is archived, and goes with the schema of its type', async () => {
  const setup =
    "CREATE SCHEMA s; CREATE TYPE s.size AS ENUM ('m'); CREATE SCHEMA archive; CREATE TABLE homes (id int PRIMARY KEY, size s.size); INSERT INTO homes VALUES (1, 'm'), (2, NULL)"
  const sql = 'CREATE TABLE archive.homes AS SELECT id, size::text FROM homes; DROP SCHEMA s CASCADE'
  expect(await keptAfter(sql, setup, ['public.homes'])).toEqual(['PROD kept 2 of 2 homes, 3 of 3 values'])
})

describe('of rows without a key', () => {
  const loose = `CREATE TABLE loose (a text, b text, c int); CREATE SCHEMA archive;
    INSERT INTO loose VALUES ('a1', 'b1', 1), ('a1', 'b1', 1), ('a2', 'b2', NULL), ('a3', 'b3', 3), ('a4', NULL, NULL), (NULL, NULL, NULL)`
  const kept = (sql: string) => keptAfter(sql, loose, ['public.loose'])
  const swap = "UPDATE loose SET b = CASE b WHEN 'b2' THEN 'b3' WHEN 'b3' THEN 'b2' ELSE b END"
  const all = ['PROD kept 6 of 6 loose, 12 of 12 values']

  test.each([
    ['two that exchange a value', swap],
    ['two that exchange a value beside gaps that are filled', `UPDATE loose SET c = 9 WHERE c IS NULL; ${swap}`],
    ['two that exchange a value of a table that gets a key', `${swap}; ALTER TABLE loose ADD id serial PRIMARY KEY`],
    ['two that exchange a value of a table that gets a column', `ALTER TABLE loose ADD d int DEFAULT 1; ${swap}`],
  ])('are no longer as they were: %s', async (_, sql) => {
    expect(await kept(sql)).toEqual([
      'PROD kept 6 of 6 loose, 10 of 12 values',
      'loose: 2 rows no longer stand as they stood: values changed places between rows',
      expect.stringMatching(/^ {2}was "\(a2,b2,\)"$/),
      expect.stringMatching(/^ {2}was "\(a3,b3,3?\)"$/),
    ])
  })

  test.each([
    [
      'one value that moves into the gap of another',
      "UPDATE loose SET b = CASE a WHEN 'a4' THEN 'b3' WHEN 'a3' THEN NULL ELSE b END",
    ],
    [
      'one of two equal rows',
      "UPDATE loose SET b = CASE WHEN ctid = (SELECT min(ctid) FROM loose) THEN 'b2' WHEN a = 'a2' THEN 'b1' ELSE b END",
    ],
  ])('are no longer as they were: %s', async (_, sql) => {
    expect((await kept(sql))[1]).toMatch(/^loose: [12] rows? no longer stands? as (it|they) stood/)
  })

  test.each([
    [
      'gaps are filled, also by what stands in other rows',
      "UPDATE loose SET b = 'b1', c = 1 WHERE a = 'a4'; UPDATE loose SET c = 2 WHERE a = 'a2'",
    ],
    [
      'rows come, and a column, and a key',
      "INSERT INTO loose VALUES ('a2', 'b3', 1); ALTER TABLE loose ADD d int DEFAULT 1, ADD id serial PRIMARY KEY",
    ],
    ['whole rows are archived, and then two exchange a value', `CREATE TABLE archive.loose AS TABLE loose; ${swap}`],
    [
      'a value is copied into another column, then written over',
      'ALTER TABLE loose ADD d text; UPDATE loose SET d = b; UPDATE loose SET b = upper(b)',
    ],
    [
      'a type changes, and a column goes into the archive',
      'ALTER TABLE loose ALTER c TYPE bigint; CREATE TABLE archive.loose AS TABLE loose; ALTER TABLE loose DROP b',
    ],
  ])('are as they were: %s', async (_, sql) => {
    expect(await kept(sql)).toEqual(all)
  })
})
