import { describe, expect, test } from '@jest/globals'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import { filters, freshDatabase, query, request, withEngine } from '../../support/toy-project.ts'
import { engineBed } from './engine-bed.ts'

const bed = engineBed()

describe('On a database marked prod', () => {
  test('"migrate dev" is refused, with the reason and what to type instead', async () => {
    const url = await freshDatabase(bed.server, 'prod', 'prod')
    const { code, output } = await bed.toy.prisma(url, 'migrate', 'dev', '--name', 'x')
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(refusal('migrate dev')) })
    expect(output).toMatch(/why {3}.* is marked as PROD\./)
    expect(output).toContain('npm run migrate -- deploy --env prod')
    expect(output).not.toMatch(/^ {4}at /m)
    expect(await tablesIn(url)).toEqual([])
  })

  test('"db push" is refused, with the reason and what to type instead', async () => {
    const url = await freshDatabase(bed.server, 'prod', 'prod')
    const [{ error } = {}] = await request(url, 'schemaPush', { force: true, schema: bed.toy.schema(), filters })
    const { message } = (error as { data: { message: string } }).data
    expect(message).toContain(refusal('db push'))
    expect(message).toMatch(/why {3}.* is marked as PROD\./)
    expect(message).toContain('npm run migrate -- deploy --env prod')
    expect(await tablesIn(url)).toEqual([])
  })

  test('the engine refuses to reset', async () => {
    const url = await freshDatabase(bed.server, 'prod', 'prod')
    await query(url, 'CREATE TABLE kept (id int)')
    const [reply] = await request(url, 'reset', { filter: filters })
    expect(reply).toMatchObject({
      error: { code: 4466, data: { is_panic: false, message: expect.stringContaining('npm run db reset') } },
    })
    expect(await query(url, 'TABLE kept')).toEqual([])
  })

  test('who may not read the marker may not wipe either', async () => {
    const url = await freshDatabase(bed.server, 'prod', 'dev')
    await query(bed.server.url(new URL(url).pathname.slice(1)), 'REVOKE ALL ON SCHEMA workshop FROM prod')
    await withEngine(url, (engine) => expect(engine.reset({ filter: filters })).rejects.toThrow('PROD was not touched'))
  })

  test('what wipes nothing is allowed: deploy, status, db execute', async () => {
    const url = await freshDatabase(bed.server, 'prod', 'prod')
    const folder = bed.migrations()
    await applyMigrations(url, folder)
    const history = { migrationsList: await readMigrations(folder), filters, optInToShadowDatabase: false }
    const seen = await withEngine(url, (engine) => engine.diagnoseMigrationHistory(history))
    expect(seen).toMatchObject({ history: null, failedMigrationNames: [], hasMigrationsTable: true })
    bed.toy.write('one.sql', `INSERT INTO recruits (name) VALUES ('Ann')`)
    expect(await bed.toy.prisma(url, 'db', 'execute', '--file', 'one.sql')).toMatchObject({ code: 0 })
    expect(await query(url, 'SELECT name FROM recruits')).toEqual([{ name: 'Ann' }])
  })
})

test('This clone’s DEV may be reset, and so may a database without tables', async () => {
  const url = await freshDatabase(bed.server, 'dev', 'dev')
  await query(url, 'CREATE TABLE gone (id int)')
  await withEngine(url, (engine) => engine.reset({ filter: filters }))
  await expect(query(url, 'TABLE gone')).rejects.toThrow('does not exist')
  expect(await bed.toy.prisma(await freshDatabase(bed.server, 'dev'), 'db', 'push')).toMatchObject({ code: 0 })
})

describe('A database with tables that is no DEV of this clone is not wiped:', () => {
  const refused = 'Nothing was done: "db push" is for the DEV database of this clone only'
  const holding = async (marker?: string, clone?: string) => {
    const url = await freshDatabase(bed.server, 'dev', marker, clone)
    await query(url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)')
    return url
  }

  test('one without a marker', async () => {
    const url = await holding()
    const { code, output } = await bed.toy.prisma(url, 'db', 'push', '--accept-data-loss')
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(refused) })
    expect(await query(url, 'TABLE kept')).toEqual([{ id: 1 }])
  })

  test('another clone’s', async () => {
    const url = await holding('dev', 'another-clone')
    const push = { force: true, schema: bed.toy.schema(), filters }
    await withEngine(url, (engine) => expect(engine.schemaPush(push)).rejects.toThrow(refused))
    expect(await query(url, 'TABLE kept')).toEqual([{ id: 1 }])
  })
})

test('An address that was read as DEV’s and leads to PROD writes nothing', async () => {
  const url = await freshDatabase(bed.server, 'prod', 'prod')
  const env = { DATABASE_URL: url, WORKSHOP_EXPECTS: 'dev' }
  const { code, output } = await bed.toy.prisma(env, 'migrate', 'deploy')
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining('Nothing was done: this is PROD') })
  const execute = { datasourceType: { tag: 'url', url }, script: 'CREATE TABLE wrong (id int)' }
  const [{ error } = {}] = await request(env, 'dbExecute', execute)
  expect(error).toMatchObject({ data: { message: expect.stringContaining('Nothing was done: this is PROD') } })
  expect(await tablesIn(url)).toEqual([])
})

function refusal(command: string): string {
  return `PROD was not touched: "${command}" is not for PROD.`
}

function tablesIn(url: string): Promise<unknown[]> {
  return query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
}
