import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { must } from '../../support/measure.ts'
import { madeWorkshop, type Workshop } from '../../support/workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await madeWorkshop()
  await must(workshop.run('db', 'up'))
})
afterAll(() => workshop.remove())

const kept = (env: 'dev' | 'prod') => workshop.sql(env, 'SELECT n FROM kept')
const archiveIn = (output: string, env: string) => new RegExp(`${env}_archive_\\d{8}_\\d{6}_\\d{3}`).exec(output)![0]
const migrations = () => workshop.sql('prod', 'SELECT migration_name FROM _prisma_migrations ORDER BY id')

test('db fresh gives both databases a dated name and makes new, empty ones; db restore brings back all that one held', async () => {
  for (const env of ['dev', 'prod'] as const) {
    await workshop.sql(env, `CREATE TABLE kept (n text); INSERT INTO kept VALUES ('${env}')`)
  }
  const { code, output } = await workshop.run('db', 'fresh')
  expect({ code, output }).toMatchObject({ code: 0 })
  for (const env of ['dev', 'prod'] as const) {
    await expect(kept(env)).rejects.toThrow('does not exist')
    expect(await workshop.sql(env, 'SELECT environment FROM workshop.marker')).toEqual([{ environment: env }])
  }
  // With its markers and roles, the new one is a PROD to deploy to.
  expect(await workshop.run('migrate', 'deploy', '--env', 'prod')).toMatchObject({ code: 0 })
  const deployed = await migrations()
  expect(deployed.length).toBeGreaterThan(0)
  const snapshots = await workshop.run('db', 'snapshots')
  expect(snapshots.output).toMatch(/DEV {3}dev_archive_\d{8}_\d{6}_\d{3} {2}\d+ kB/)
  expect(snapshots.output).toMatch(/PROD {2}prod_archive_\d{8}_\d{6}_\d{3} {2}\d+ kB/)

  const back = await workshop.run('db', 'restore', archiveIn(snapshots.output, 'prod'))
  expect(back).toMatchObject({ code: 0 })
  expect(await kept('prod')).toEqual([{ n: 'prod' }])
  // What stood there is kept in its turn.
  const aside = archiveIn(back.output.slice(back.output.indexOf('is kept as')), 'prod')
  expect(await workshop.door('db', 'restore', aside)).toMatchObject({ code: 0 })
  expect(await migrations()).toEqual(deployed)
  expect((await workshop.run('migrate', 'status', '--env', 'prod')).output).toContain('up to date')
})

test('a session in the way is named, and nothing is changed', async () => {
  await must(workshop.door('db', 'fresh'))
  const session = new pg.Client({ connectionString: workshop.url('prod'), application_name: 'my psql' })
  await session.connect()
  try {
    const before = (await workshop.door('db', 'snapshots')).output
    const fresh = await workshop.door('db', 'fresh')
    expect(fresh).toMatchObject({ code: 1, output: expect.stringContaining('PROD is in use: nothing was changed') })
    const { code, output } = await workshop.door('db', 'restore', archiveIn(before, 'prod'))
    expect(code).toBe(1)
    expect(output).toContain('PROD is in use: nothing was changed')
    expect(output).toContain('my psql')
    expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    expect((await workshop.door('db', 'snapshots')).output).toBe(before)
  } finally {
    await session.end()
  }
})

test('a start after a fresh that was cut off makes the missing database', async () => {
  await must(workshop.door('db', 'fresh'))
  await workshop.asAdmin('DROP DATABASE dev WITH (FORCE)', 'postgres', 'dev')
  await workshop.asAdmin('CREATE DATABASE prisma_migrate_shadow_db_left_behind', 'postgres', 'dev')
  expect(await workshop.run('db', 'up')).toMatchObject({ code: 0 })
  expect(await workshop.sql('dev', 'SELECT environment FROM workshop.marker')).toEqual([{ environment: 'dev' }])
})

test('an archive that does not exist is refused, with those that do', async () => {
  await must(workshop.door('db', 'fresh'))
  const { code, output } = await workshop.door('db', 'restore', 'prod_archive_20200101_000000')
  expect(code).toBe(1)
  expect(output).toContain('PROD has no archive "prod_archive_20200101_000000"')
  expect(output).toMatch(/It has: .*prod_archive_\d/)
})
