import { spawn, type ChildProcess } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { openEngine } from '../../../kit/engine/engine.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import {
  engineFile,
  firstMigration,
  freshDatabase,
  offlineEnv,
  query,
  shadowDatabases,
} from '../../support/toy-project.ts'
import { engineBed } from './engine-bed.ts'

const bed = engineBed()

describe('No shadow database is left behind', () => {
  test('when all goes well', async () => {
    const url = await freshDatabase(bed.server)
    expect(await replay(url)).toMatchObject({ exitCode: 2 })
    expect(await shadowDatabases(bed.server)).toEqual([])
  })

  test('when a migration fails in it', async () => {
    bed.toy.migration('20250102000000_bad', 'SELECT nobody;')
    await expect(replay(await freshDatabase(bed.server))).rejects.toMatchObject({ code: 'P3006' })
    expect(await shadowDatabases(bed.server)).toEqual([])
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('when %s comes in the middle', async (signal) => {
    const engine = await replayingSlowly(await freshDatabase(bed.server))
    engine.kill(signal)
    await exitOf(engine)
    // Windows ends a process without asking it: there the next engine cleans up.
    if (process.platform === 'win32') await replay(await freshDatabase(bed.server))
    expect(await shadowDatabases(bed.server)).toEqual([])
  })

  test("when Prisma's command line vanishes in the middle", async () => {
    const engine = await replayingSlowly(await freshDatabase(bed.server), 1)
    engine.stdout!.destroy()
    engine.stdin!.end()
    await exitOf(engine)
    expect(await shadowDatabases(bed.server)).toEqual([])
  })

  test('after a SIGKILL, once the next engine needs one', async () => {
    const url = await freshDatabase(bed.server)
    const engine = await replayingSlowly(url)
    engine.kill('SIGKILL')
    await exitOf(engine)
    const [leftover] = await shadowDatabases(bed.server)
    await until(
      async () => (await sessionsOn(leftover!)) === 0,
      () => endSessionsOn(leftover!),
    )
    await replay(await freshDatabase(bed.server))
    expect(await shadowDatabases(bed.server)).toEqual([])
  })
})

describe('What is not a leftover is not dropped:', () => {
  test('a database that another run has just made and not entered yet', async () => {
    const url = await freshDatabase(bed.server)
    // Two of them, so that their hashes are likely to differ in sign.
    const names = ['1b0c3b0e-7a53-8f0a-9d3f-0f8d2c1f6b11', '2b0c3b0e-7a53-8f0a-9d3f-0f8d2c1f6b14'].map(shadowName)
    const other = new pg.Client(url)
    await other.connect()
    for (const name of names) {
      await other.query('SELECT pg_advisory_lock(1937010552, hashtext($1))', [name])
      await other.query(`CREATE DATABASE "${name}"`)
    }
    await replay(url)
    expect((await shadowDatabases(bed.server)).sort()).toEqual(names)
    await other.end()
    await until(async () => (await sessionsOn(new URL(url).pathname.slice(1))) === 0)
    await replay(url)
    expect(await shadowDatabases(bed.server)).toEqual([])
  })

  test('the shadow database of a native engine, or of another role', async () => {
    const url = await freshDatabase(bed.server)
    const [native, foreign] = ['5f0c3b0e-7a53-4f0a-9d3f-0f8d2c1f6b11', '6f0c3b0e-7a53-8f0a-9d3f-0f8d2c1f6b11'].map(
      shadowName,
    )
    await query(url, `CREATE DATABASE "${native}"`)
    await query(bed.server.adminUrl, `CREATE DATABASE "${foreign}"`)
    await replay(url)
    expect((await shadowDatabases(bed.server)).sort()).toEqual([native, foreign])
    for (const name of [native, foreign]) await query(bed.server.adminUrl, `DROP DATABASE "${name}"`)
  })
})

describe('A database named as shadow database', () => {
  test('keeps every row: the fresh one is made beside it', async () => {
    const [url, named] = [
      await freshDatabase(bed.server, 'prod', 'prod'),
      await freshDatabase(bed.server, 'dev', 'dev'),
    ]
    await query(named, `CREATE TABLE kept AS SELECT 1 AS id`)
    expect(await replay(url, named)).toMatchObject({ exitCode: 2 })
    expect(await query(named, 'TABLE kept')).toEqual([{ id: 1 }])
    expect(await shadowDatabases(bed.server)).toEqual([])
  })

  test('is used itself by a role that may not create one, and is as empty afterwards', async () => {
    bed.toy.migration(
      '20250102000000_things',
      'CREATE TYPE mood AS ENUM (); CREATE SCHEMA other; CREATE VIEW v AS SELECT 1 AS one;',
    )
    const [url, named] = [await freshDatabase(bed.server), await freshDatabase(bed.server, 'prod')]
    for (let time = 1; time <= 2; time += 1) expect(await replay(url, named)).toMatchObject({ exitCode: 2 })
    expect(await thingsIn(named)).toEqual([])
  })

  test('is empty again after a migration failed in it', async () => {
    bed.toy.migration('20250102000000_bad', 'SELECT nobody;')
    const [url, named] = [await freshDatabase(bed.server), await freshDatabase(bed.server, 'prod')]
    await expect(replay(url, named)).rejects.toMatchObject({ code: 'P3006' })
    expect(await thingsIn(named)).toEqual([])
  })

  test.each([
    ['holds a table', 'CREATE TABLE kept (id int)', undefined],
    ['is marked as dev', 'SELECT 1', 'dev'],
  ])('is refused when it %s and the role may not create one', async (_case, sql, marker) => {
    const [url, named] = [await freshDatabase(bed.server), await freshDatabase(bed.server, 'prod', marker)]
    await query(named, sql)
    const before = await thingsIn(named)
    await expect(replay(url, named)).rejects.toThrow('was not used as shadow database: it is not empty.')
    expect(await thingsIn(named)).toEqual(before)
  })

  test('is refused when it is marked prod, whatever the role may do', async () => {
    const [url, named] = [await freshDatabase(bed.server), await freshDatabase(bed.server, 'dev', 'prod')]
    await expect(replay(url, named)).rejects.toThrow(/it is marked as PROD\.[^]*Remove SHADOW_DATABASE_URL/)
    expect(await shadowDatabases(bed.server)).toEqual([])
  })
})

function shadowName(uuid: string): string {
  return `prisma_migrate_shadow_db_${uuid}`
}

/** A diff from the migrations to nothing: replays them in a shadow database. */
async function replay(url: string, shadowDatabaseUrl?: string): Promise<{ exitCode: number }> {
  const engine = await openEngine({ url, shadowDatabaseUrl })
  try {
    return await engine.diff(await replayParams())
  } finally {
    await engine.close()
  }
}

async function replayParams() {
  const list = await readMigrations(bed.migrations())
  const filters = { externalTables: [], externalEnums: [] }
  return {
    from: { tag: 'migrations' as const, ...list },
    to: { tag: 'empty' as const },
    script: false,
    exitCode: true,
    filters,
  }
}

/** An executable engine in the middle of a migration of `seconds`, with its shadow database in place. */
async function replayingSlowly(url: string, seconds = 60): Promise<ChildProcess> {
  bed.toy.migration(
    '20250102000000_slow',
    `${firstMigration.replaceAll('recruits', 'slow')}SELECT pg_sleep(${seconds});`,
  )
  const engine = spawn(process.execPath, [engineFile, '--datasource', JSON.stringify({ url })], { env: offlineEnv() })
  const params = await replayParams()
  engine.stdin.write(`${JSON.stringify({ id: 1, jsonrpc: '2.0', method: 'diff', params })}\n`)
  await until(async () => (await sleepers()) > 0)
  bed.toy.migration('20250102000000_slow', firstMigration.replaceAll('recruits', 'slow'))
  return engine
}

async function sleepers(): Promise<number> {
  const rows = await query(
    bed.server.adminUrl,
    `SELECT 1 FROM pg_stat_activity WHERE datname LIKE '%shadow%' AND wait_event = 'PgSleep'`,
  )
  return rows.length
}

async function sessionsOn(database: string): Promise<number> {
  return (await query(bed.server.adminUrl, `SELECT 1 FROM pg_stat_activity WHERE datname = '${database}'`)).length
}

async function endSessionsOn(database: string): Promise<void> {
  const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`
  await query(bed.server.adminUrl, sql)
}

async function thingsIn(url: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
     UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
     UNION SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')`,
  )
  return rows.map(({ name }) => name).sort()
}

async function until(isTrue: () => Promise<boolean>, helping = async () => {}): Promise<void> {
  while (!(await isTrue())) {
    await helping()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}
