import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import pg from 'pg'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import { filters, freshDatabase, query } from '../../support/toy-project.ts'
import { until } from '../../support/until.ts'
import { asking, engineBed } from './engine-bed.ts'

const bed = engineBed()

const inserts = (length: number) =>
  Array.from({ length }, (_, i) => `INSERT INTO a (id, name) VALUES (${i}, 'the name of a recruit')`)
const countOf = async (url: string) => (await query<{ n: number }>(url, 'SELECT count(*)::int AS n FROM a'))[0]!.n

/** Processor time of this process: what others do on the machine does not count. */
async function worked(work: () => Promise<unknown>): Promise<number> {
  const since = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

test('50,000 statements take at most twice the driver’s own time', async () => {
  const url = await freshDatabase(bed.server)
  const client = new pg.Client(url)
  await client.connect()
  await client.query('CREATE SCHEMA beside; CREATE TABLE beside.a (id int, name text); SET search_path = beside')
  const driver = async () => {
    for (const sql of inserts(5_000)) await client.query(sql)
  }
  await driver()
  const alone = await worked(driver)
  await client.query('DROP SCHEMA beside CASCADE')
  await client.end()
  bed.toy.migration('20250102000000_long', `CREATE TABLE a (id int, name text);\n${inserts(50_000).join(';\n')};\n`)
  const ours = await worked(() => applyMigrations(url, bed.migrations()))
  expect(ours).toBeLessThan(2 * 10 * alone)
  expect(await countOf(url)).toBe(50_000)
})

test.each(['SIGTERM', 'a closed stdin', 'a reader that is gone'])('%s ends it in the middle', async (how) => {
  const url = await freshDatabase(bed.server)
  const slowly = inserts(3_000).map((sql) => `${sql};\nSELECT pg_sleep(0.01);\n`)
  bed.toy.migration('20250102000000_long', `CREATE TABLE a (id int, name text);\n${slowly.join('')}`)
  const engine = asking(url, 'applyMigrations', { migrationsList: await readMigrations(bed.migrations()), filters })
  await until('some of it has run', async () => (await countOf(url).catch(() => 0)) > 10)
  const ended = once(engine, 'exit')
  if (how === 'SIGTERM') engine.kill('SIGTERM')
  else if (how === 'a closed stdin') engine.stdin.end()
  else {
    engine.stdout.destroy()
    engine.stdin.end()
  }
  await ended
  const there = await countOf(url)
  expect(there).toBeLessThan(3_000)
  expect(await query(url, "SELECT finished_at FROM _prisma_migrations WHERE migration_name LIKE '%long'")).toEqual([
    { finished_at: null },
  ])
  const others = 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'
  await until('nothing of it runs any more', async () => (await query(url, others)).length === 0)
  expect(await countOf(url)).toBe(there)
})

test('a request in a pipe that ends at once is answered all the same', async () => {
  bed.toy.migration('20250102000000_slow', 'SELECT pg_sleep(1)')
  const url = await freshDatabase(bed.server)
  const engine = asking(url, 'applyMigrations', { migrationsList: await readMigrations(bed.migrations()), filters })
  engine.stdin.end()
  let answer = ''
  engine.stdout.on('data', (chunk) => (answer += chunk))
  await once(engine, 'close')
  expect(answer).toContain('{"appliedMigrationNames":["20250101000000_first","20250102000000_slow"]}')
})
