import { describe, expect, test } from '@jest/globals'
import { openEngine } from '../../../kit/engine/engine.ts'
import { readMigrations } from '../../../kit/engine/migration-files.ts'
import { filters, freshDatabase, query, request, shadowDatabases } from '../../support/toy-project.ts'
import { engineBed } from './engine-bed.ts'

const bed = engineBed()

const databaseIn = (url: string) => new URL(url).pathname.slice(1)
const errorIn = ([reply]: Awaited<ReturnType<typeof request>>) =>
  (reply?.error as { data: { message: string; error_code: string | null } } | undefined)?.data

describe('A migration is made against all files of the list,', () => {
  test.each([
    ['none of which is applied', () => freshDatabase(bed.server)],
    ['some of which are applied', () => bed.deployed()],
  ])('%s', async (_, database) => {
    const url = await database()
    bed.toy.migration('20250102000000_second', 'CREATE TABLE "Cohort" (id int PRIMARY KEY)')
    const list = { migrationsList: await readMigrations(bed.migrations()), schema: bed.toy.schema(), filters }
    const engine = await openEngine({ url })
    const made = await engine.createMigration({ ...list, migrationName: 'x', draft: false })
    expect(made).toMatchObject({ migrationScript: expect.stringContaining('DROP TABLE "Cohort"') })
    expect(made.migrationScript).not.toContain('recruits')
    // It counts the rows of the table that the step drops, and that is not there yet.
    await expect(engine.evaluateDataLoss(list)).rejects.toMatchObject({ code: 'P1014' })
    expect(await engine.diagnoseMigrationHistory({ ...list, optInToShadowDatabase: false })).toMatchObject({
      history: { diagnostic: 'databaseIsBehind' },
    })
    await engine.close()
    expect(await shadowDatabases(bed.server)).toEqual([])
  })
})

describe('A request that names another database', () => {
  test('looks there: whether it can be reached, and whether it can be made', async () => {
    const url = await freshDatabase(bed.server)
    const there = { tag: 'ConnectionString', url: await freshDatabase(bed.server) }
    const nowhere = { tag: 'ConnectionString', url: url.replace(/db_\d+$/, 'nowhere') }
    expect(await request(url, 'ensureConnectionValidity', { datasource: there })).toMatchObject([{ result: {} }])
    expect(errorIn(await request(url, 'ensureConnectionValidity', { datasource: nowhere }))).toMatchObject({
      error_code: 'P1003',
      message: 'Database `nowhere` does not exist',
    })
    expect(errorIn(await request(url, 'createDatabase', { datasource: there }))?.message).toContain(
      databaseIn(there.url),
    )
  })

  test('executes its script there', async () => {
    const [url, other] = [await freshDatabase(bed.server), await freshDatabase(bed.server)]
    await request(url, 'dbExecute', { datasourceType: { tag: 'url', url: other }, script: 'CREATE TABLE a ()' })
    expect(await query(other, 'TABLE a')).toEqual([])
    await expect(query(url, 'TABLE a')).rejects.toThrow('does not exist')
  })

  test('gets no farther than with its own address: what is marked prod stays prod', async () => {
    const [url, prod] = [await freshDatabase(bed.server), await freshDatabase(bed.server, 'prod', 'prod')]
    const execute = { datasourceType: { tag: 'url', url: prod }, script: 'CREATE TABLE wrong (id int)' }
    const env = { DATABASE_URL: url, WORKSHOP_EXPECTS: 'dev' }
    expect(errorIn(await request(env, 'dbExecute', execute))?.message).toContain('Nothing was done: this is PROD')
    await expect(query(prod, 'TABLE wrong')).rejects.toThrow('does not exist')
  })
})

test('the version of the database is told with no parameters, and with any', async () => {
  const url = await freshDatabase(bed.server)
  const told = [{ result: expect.stringMatching(/^PostgreSQL \d+/) }]
  expect(await request(url, 'getDatabaseVersion', undefined as unknown as object)).toMatchObject(told)
  expect(await request(url, 'getDatabaseVersion', {})).toMatchObject(told)
})

test('a request that lacks something is answered, and says what', async () => {
  const [reply, ...more] = await request(await freshDatabase(bed.server), 'introspect', {})
  expect(errorIn([reply!])?.message).toContain('missing field `schema`')
  expect(more).toEqual([])
})

test('"prisma generate --sql" is refused in one way, whatever the query and the server', async () => {
  const text = bed.toy.schema().files[0]!.content
  bed.toy.write('prisma/schema.prisma', text.replace('output', 'previewFeatures = ["typedSql"]\n  output'))
  bed.toy.write('prisma/sql/good.sql', 'SELECT id FROM recruits')
  bed.toy.write('prisma/sql/wrong.sql', 'SELECT nothing FROM nowhere')
  const { code, output } = await bed.toy.prisma(await bed.deployed(), 'generate', '--sql')
  expect(code).toBe(1)
  const refusal = 'Nothing was generated: "prisma generate --sql" (TypedSQL) does not work here.'
  expect(output.split(refusal)).toHaveLength(3)
  expect(output).toContain('npx prisma generate')
  const params = { url: '', queries: [{ name: 'good', source: 'SELECT 1' }] }
  expect(errorIn(await request('postgresql://dev:dev@127.0.0.1:1/dev', 'introspectSql', params))?.message).toContain(
    refusal,
  )
})
