import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { applyMigrations, openEngine } from '../../../kit/engine/engine.ts'
import { openPool } from '../../../kit/engine/pool.ts'
import { runScript } from '../../../kit/engine/patient-script.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import { scripts, sources } from './script-corpus.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { filters, freshDatabase, query, toyProject, type ToyProject } from '../../support/toy-project.ts'
import { until } from '../../support/until.ts'

let server: ScratchServer
let toy: ToyProject
let url: string

beforeAll(async () => {
  server = await scratchServer()
  toy = toyProject()
  // The same history and tables for every case, from a template.
  await freshDatabase(server, 'prod')
  url = await freshDatabase(server)
})
afterAll(() => server.stop())
afterEach(() => query(url, 'DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS s CASCADE; CREATE SCHEMA public'))
afterAll(() => toy.remove())

const name = '20250102000000_mine'
const folder = () => join(toy.folder, 'prisma', 'migrations')

/** As `migrate deploy` calls it: the error, or nothing. */
async function deploy(sql: string, at = url): Promise<(Error & { code?: string }) | undefined> {
  toy.migration(name, sql)
  return applyMigrations(at, folder()).then(
    () => undefined,
    (error: Error) => error,
  )
}

/** What stands in schema public, but for the first migration's table. */
async function whatStays(): Promise<string[]> {
  const things = await query<{ name: string }>(
    url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname IN ('a', 'b', 'c', 'd', 'i')
     UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = 'f'
     UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname = 'm' ORDER BY 1`,
  )
  const names = things.map((one) => one.name)
  if (!names.includes('a')) return names
  const [{ n } = { n: 0 }] = await query<{ n: number }>(url, 'SELECT count(*)::int AS n FROM a')
  return n > 0 ? [...names, `${n} in a`] : names
}

const note = async () =>
  (
    await query<{ logs: string | null; steps: number; done: boolean }>(
      url,
      `SELECT logs, applied_steps_count AS steps, finished_at IS NOT NULL AS done FROM _prisma_migrations WHERE migration_name = '${name}'`,
    )
  )[0]

test('each way is known from somewhere, and the table has a row for it', () => {
  expect(scripts.length).toBeGreaterThanOrEqual(40)
  expect(Object.keys(sources).filter((source) => scripts.every((one) => one.source !== source))).toEqual([])
})

describe('what stays of a script', () => {
  test.each(scripts)('$title', async ({ sql, fails, stays }) => {
    const error = await deploy(sql)
    expect(await whatStays()).toEqual(
      stays.toSorted((a, b) => Number(/ in /.test(a)) - Number(/ in /.test(b)) || (a < b ? -1 : 1)),
    )
    const isOpen = sql.startsWith('BEGIN') && !/COMMIT;|ROLLBACK;/.test(sql)
    if (fails === 'runs') {
      expect(error).toBeUndefined()
      expect(await note()).toMatchObject(isOpen ? { steps: 0, done: false } : { logs: null, steps: 1, done: true })
    } else if (error!.code === 'P3018') {
      expect(error!.message).toContain(`Database error code: ${fails}\n`)
      expect(await note()).toEqual({ logs: error!.message, steps: 0, done: false })
    } else {
      // Prisma wants to note the failure in the transaction that has failed.
      expect(error!.message).toContain(
        `ERROR: current transaction is aborted, commands ignored until end of transaction block\n` +
          `   0: schema_commands::commands::apply_migrations::Applying migration\n           with migration_name="${name}"`,
      )
      expect(await note()).toEqual({ logs: null, steps: 0, done: false })
    }
  })
})

test('an error names the line of the file, also in a statement that stands further down', async () => {
  const error = await deploy('-- é\nCREATE TABLE a (id int);\n\nCREATE TABLE b (\n  id nothing\n);\n')
  expect(error!.message).toContain('\u001B[1m  5\u001B[1;31m   id nothing')
})

test('"db execute" sends a script whole, and nothing of one that fails stays', async () => {
  const engine = await openEngine({ url })
  try {
    const execute = { datasourceType: { tag: 'url' as const, url }, script: 'CREATE TABLE a (id int); SELECT 1 / 0;' }
    await expect(engine.dbExecute(execute)).rejects.toThrow('division by zero')
  } finally {
    await engine.close()
  }
  expect(await whatStays()).toEqual([])
})

test('a shadow database runs a file in the same way', async () => {
  toy.migration(name, 'CREATE TABLE a (id int); CREATE INDEX CONCURRENTLY i ON a (id);')
  const from = { tag: 'migrations' as const, ...(await readMigrations(folder())) }
  const diff = { from, to: { tag: 'empty' as const }, script: false, exitCode: true, filters }
  const engine = await openEngine({ url })
  try {
    expect(await engine.diff(diff)).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('- a') })
    toy.migration(name, 'CREATE TABLE a (id int);\nCREATE TABLE a (id int);')
    const failing = { ...diff, from: { tag: 'migrations' as const, ...(await readMigrations(folder())) } }
    await expect(engine.diff(failing)).rejects.toMatchObject({ code: 'P3006' })
  } finally {
    await engine.close()
  }
})

describe('between two statements', () => {
  beforeEach(() => query(url, 'CREATE TABLE a (id int); CREATE TABLE b (id int)'))

  const holding = async (sql: string) => {
    const holder = new pg.Client(url)
    holder.on('error', () => {})
    await holder.connect()
    await holder.query(sql)
    return holder
  }
  const isWaiting = async () =>
    (await query(url, "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"))
      .length > 0
  const script = 'INSERT INTO a VALUES (1);\nINSERT INTO b VALUES (1);'

  test('a connection that is cut leaves the first one there', async () => {
    const holder = await holding('BEGIN; LOCK TABLE b')
    const pool = await openPool(url)
    const running = runScript(pool, script, {}).catch((error: Error) => error)
    await until('the second statement waits', isWaiting)
    await query(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    )
    expect(await running).toMatchObject({ message: expect.stringMatching(/terminat/i) })
    await holder.end()
    expect(await query(url, 'SELECT FROM a')).toHaveLength(1)
    expect(await query(url, 'SELECT FROM b')).toHaveLength(0)
    await pool.end().catch(() => {})
  })

  test.each([
    [
      'the second is tried again, the first is not',
      script,
      'the statement of line 2 is rolled back, those before it stay',
    ],
    [
      'a transaction is tried again from its BEGIN',
      `BEGIN;\n${script}\nCOMMIT;`,
      'rolled back whole, so nothing is changed',
    ],
  ])('no lock within the limit: %s', async (_, sql, words) => {
    const holder = await holding('BEGIN; LOCK TABLE b')
    const pool = await openPool(url)
    const said: string[] = []
    process.env['WORKSHOP_LOCK_TIMEOUT'] = '100ms'
    try {
      const running = runScript(pool, sql, { say: (line) => said.push(line) })
      await until('it has been tried once', async () => said.some((line) => line.includes('Try 2')))
      await holder.query('COMMIT')
      await running
    } finally {
      delete process.env['WORKSHOP_LOCK_TIMEOUT']
      await holder.end()
      await pool.end()
    }
    expect(said.join('\n')).toContain(`No lock within 100ms: ${words}. Try 2 of 6 …`)
    expect(await query(url, 'SELECT FROM a')).toHaveLength(1)
    expect(await query(url, 'SELECT FROM b')).toHaveLength(1)
  })
})

test('the workshop’s own deploy tells the reason that Prisma cannot: a transaction of the file failed', async () => {
  const pool = await openPool(url)
  const said: string[] = []
  process.env['WORKSHOP_LOCK_TIMEOUT'] = '100ms'
  try {
    const script = 'BEGIN; SELECT 1 / 0; COMMIT;'
    await expect(runScript(pool, script, { say: (line) => said.push(line) })).rejects.toThrow('division by zero')
  } finally {
    delete process.env['WORKSHOP_LOCK_TIMEOUT']
  }
  await pool.end()
  expect(said).toEqual(['ERROR: division by zero'])
})
