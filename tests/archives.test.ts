import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { scratchWorkshop, type Workshop } from './support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = scratchWorkshop()
  expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
  for (const env of ['dev', 'prod'] as const) {
    await workshop.sql(env, `CREATE TABLE kept (n text); INSERT INTO kept VALUES ('${env}')`)
  }
})
afterAll(() => workshop.remove())

const kept = (env: 'dev' | 'prod') => workshop.sql(env, 'SELECT n FROM kept')
const archiveIn = (output: string, env: string) => new RegExp(`${env}_archive_\\d{8}_\\d{6}_\\d{3}`).exec(output)![0]

test('db fresh gives both databases a dated name and makes new, empty ones with their markers and roles', async () => {
  const { code, output } = await workshop.run('db', 'fresh')
  expect({ code, output }).toMatchObject({ code: 0 })
  for (const env of ['dev', 'prod'] as const) {
    await expect(kept(env)).rejects.toThrow('does not exist')
    expect(await workshop.sql(env, 'SELECT environment FROM workshop.marker')).toEqual([{ environment: env }])
  }
  expect(await workshop.run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
  const snapshots = await workshop.run('db', 'snapshots')
  expect(snapshots.output).toMatch(/DEV {3}dev_archive_\d{8}_\d{6}_\d{3} {2}\d+ kB/)
  expect(snapshots.output).toMatch(/PROD {2}prod_archive_\d{8}_\d{6}_\d{3} {2}\d+ kB/)
})

test('db restore brings an archive back with all it held, and keeps what stood there', async () => {
  const name = archiveIn((await workshop.run('db', 'snapshots')).output, 'prod')
  const { code, output } = await workshop.run('db', 'restore', name)
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(await kept('prod')).toEqual([{ n: 'prod' }])
  const aside = archiveIn(output.slice(output.indexOf('is kept as')), 'prod')
  expect(await workshop.run('db', 'restore', aside)).toMatchObject({ code: 0 })
  expect((await workshop.run('migrate', 'status', '--env', 'prod')).output).toContain('up to date')
})

test('a session in the way is named, and nothing is changed', async () => {
  const session = new pg.Client({ connectionString: workshop.url('prod'), application_name: 'my psql' })
  await session.connect()
  const before = (await workshop.run('db', 'snapshots')).output
  const fresh = await workshop.run('db', 'fresh')
  expect(fresh.output).toContain('PROD is in use: nothing was changed')
  const { code, output } = await workshop.run('db', 'restore', archiveIn(before, 'prod'))
  expect(code).toBe(1)
  expect(output).toContain('PROD is in use: nothing was changed')
  expect(output).toContain('my psql')
  expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await session.end()
  expect((await workshop.run('db', 'snapshots')).output).toBe(before)
})

test('a start after a fresh that was cut off makes the missing database', async () => {
  await workshop.run('db', 'fresh')
  const admin = readFileSync(workshop.file('.workshop/admin-password'), 'utf8').trim()
  const url = new URL(workshop.url('dev'))
  const client = new pg.Client(`postgresql://postgres:${admin}@127.0.0.1:${url.port}/postgres`)
  await client.connect()
  await client.query('DROP DATABASE dev WITH (FORCE)')
  await client.query('CREATE DATABASE prisma_migrate_shadow_db_left_behind')
  await client.end()
  expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
  expect(await workshop.sql('dev', 'SELECT environment FROM workshop.marker')).toEqual([{ environment: 'dev' }])
})

test('an archive that does not exist is refused, with those that do', async () => {
  const { code, output } = await workshop.run('db', 'restore', 'prod_archive_20200101_000000')
  expect(code).toBe(1)
  expect(output).toContain('PROD has no archive "prod_archive_20200101_000000"')
  expect(output).toMatch(/It has: .*prod_archive_\d/)
})
