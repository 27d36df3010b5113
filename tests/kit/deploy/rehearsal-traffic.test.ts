import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { bigTables, describeFelt, feltBy } from '../../../kit/deploy/rehearsal-traffic.ts'
import type { LedgerColumn, LedgerEntry } from '../../../kit/keep/ledger-entry.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { until } from '../../support/until.ts'

let server: ScratchServer
let client: pg.Client
const open = async () => {
  const session = new pg.Client(server.adminUrl)
  await session.connect()
  return session
}
beforeAll(async () => {
  server = await scratchServer()
  client = await open()
  await client.query(`CREATE TABLE "my visits" (id int PRIMARY KEY, page text);
    INSERT INTO "my visits" SELECT n, 'Page ' || n FROM generate_series(1, 5000) AS n;`)
  // A deadlock would be found so late that no slow computer is taken for one.
  await client.query("ALTER SYSTEM SET deadlock_timeout = '20s'")
  await client.query('SELECT pg_reload_conf()')
})
afterAll(async () => {
  await client?.end()
  await server?.stop()
})

const table = 'public."my visits"'
const during = (...statements: string[]) =>
  feltBy(open, [table], 'change', async () => {
    for (const sql of statements) await client.query(sql)
  })
const rows = `SELECT md5(string_agg(concat(ctid, xmin, page), ',' ORDER BY id)) AS rows FROM "my visits"`

test('an UPDATE of all rows takes no strong lock, and whoever writes waits to its end; readers do not', async () => {
  const [felt] = await during('BEGIN', `UPDATE "my visits" SET page = lower(page)`, 'SELECT pg_sleep(0.6)', 'COMMIT')
  expect(felt!.writes).toBeGreaterThan(500)
  expect(felt!.reads).toBeLessThan(250)
  expect(describeFelt([felt!])).toEqual([
    expect.stringMatching(/^on "my visits" others waited during change: whoever wrote 0\.\d s$/),
  ])
})

test('under an ACCESS EXCLUSIVE lock nobody gets an answer', async () => {
  const lock = 'LOCK TABLE "my visits" IN ACCESS EXCLUSIVE MODE'
  const [felt] = await during('BEGIN', lock, 'SELECT pg_sleep(0.6)', 'COMMIT')
  expect(Math.min(felt!.reads, felt!.writes)).toBeGreaterThan(500)
})

test('they change nothing, and a migration that takes both kinds of lock does not wait for them in a circle', async () => {
  const before = (await client.query(rows)).rows
  const since = performance.now()
  await during(
    'BEGIN',
    `UPDATE "my visits" SET page = page WHERE id < 100`,
    'SELECT pg_sleep(0.4)',
    'ALTER TABLE "my visits" ADD COLUMN x int',
    'ROLLBACK',
  )
  // A deadlock would last for twenty seconds, and end one of the two.
  expect(performance.now() - since).toBeLessThan(10_000)
  expect((await client.query(rows)).rows).toEqual(before)
})

test('a table that goes, and a migration that fails, end them; they fail nothing themselves', async () => {
  expect(await feltBy(open, ['public.missing'], 'change', async () => {})).toEqual([])
  await expect(during('SELECT 1 / 0')).rejects.toThrow('division by zero')
  const [felt] = await during('ALTER TABLE "my visits" RENAME TO gone', 'SELECT pg_sleep(0.1)')
  await client.query('ALTER TABLE gone RENAME TO "my visits"')
  expect(felt!.writes).toBeLessThan(250)
  await until('their sessions are closed', async () => {
    const others = "SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    return (await client.query(others)).rows.length === 0
  })
})

test('of the tables with a hundred thousand rows the three largest are tried; where nobody waited, that is said', () => {
  const column = (name: string, count: number) => ({ table: `public.${name}`, rows: count }) as LedgerColumn
  const sizes = { a: 99_999, b: 100_000, c: 400_000, d: 300_000, e: 200_000 }
  const columns = Object.entries(sizes).map(([name, count]) => column(name, count))
  expect(bigTables({ columns } as LedgerEntry)).toEqual(['public.c', 'public.d', 'public.e'])
  expect(describeFelt([{ migration: 'x', table: 'c', reads: 20, writes: 30 }])).toEqual([
    'somebody read and wrote c meanwhile, and waited for at most 0.25 s',
  ])
  expect(describeFelt([])).toEqual([])
})
