import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { ReviewReport } from '../../../kit/review/review-report.ts'
import type { Target } from '../../../kit/database/target.ts'
import { reviewRepository, schemaOf, type ReviewRepository } from '../../support/review-repository.ts'
import { scratchServer, type ScratchServer } from '../../support/server.ts'
import { freshDatabase, query, shadowDatabases } from '../../support/toy-project.ts'

let server: ScratchServer
let dev: Target
let repository: ReviewRepository
beforeAll(async () => {
  server = await scratchServer()
  dev = { env: 'dev', url: await freshDatabase(server, 'dev', 'dev'), files: [] }
})
afterAll(() => server?.stop())
beforeEach(() => {
  repository = reviewRepository()
})
afterEach(() => repository.remove())

const judge = (target: () => Target = () => dev): Promise<ReviewReport> =>
  repository.review({ filesOnly: false }, { dev: target })
const found = (report: ReviewReport) => report.findings.map(({ id, file, words }) => `${id} ${file} ${words}`)
const next = '20250103000000_next'

const withSettings = (feature: string, line: string, models: string) =>
  models.replace(/^datasource[^}]*\}\n/, () => {
    const generator = `generator client {\n  provider = "prisma-client"\n  output = "./made"\n  previewFeatures = ["${feature}"]\n}\n`
    return `${feature && generator}datasource db {\n  provider = "postgresql"\n  ${line}\n}\n`
  })

describe('H19: schema.prisma and the migrations agree', () => {
  const commit = (files: Record<string, string>) => repository.commit('Work', files)
  const sql = (text: string) => ({ [`prisma/migrations/${next}/migration.sql`]: text })
  const schema = (text: string) => ({ 'prisma/schema.prisma': text })

  test.each([
    ['a field without its migration', schema(schemaOf('hat String?')), /Added column `hat`/],
    ['a migration without its field', sql('ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n'), /Removed column `hat`/],
    [
      'both, of another type',
      { ...schema(schemaOf('hat Int?')), ...sql('ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n') },
      /Column `hat` would be dropped and recreated/,
    ],
    ['an index that the model alone has', schema(schemaOf('@@index([name])')), /Added index on columns \(name\)/],
  ])('%s', async (_, files, words) => {
    commit(files)
    const report = await judge()
    expect(report.isRejected).toBe(true)
    expect(found(report)).toEqual([expect.stringMatching(/^H19 prisma\/schema\.prisma /)])
    expect(found(report)[0]).toMatch(words)
  })

  test.each([
    [
      'both with the same',
      { ...schema(schemaOf('hat String?')), ...sql('ALTER TABLE "recruits" ADD COLUMN "hat" TEXT;\n') },
    ],
    ['a comment and other blanks', schema(`// why\n${schemaOf()}\n\n`)],
    [
      'a check and a trigger, of which no model can tell',
      sql('ALTER TABLE "recruits" ADD CONSTRAINT grown CHECK (age > 15) NOT VALID;\n'),
    ],
  ])('good: %s', async (_, files) => {
    commit(files)
    const report = await judge()
    expect(found(report)).toEqual([])
    expect(report.passed).toContain('schema.prisma and the migrations agree')
    expect(await shadowDatabases(server)).toEqual([])
  })

  test.each([
    [
      'indexes of some rows and of expressions, of which no model can tell',
      sql('CREATE INDEX a ON recruits (name) WHERE age > 9;\nCREATE UNIQUE INDEX b ON recruits (lower(name), age);\n'),
    ],
    [
      'an index of some rows, with the preview feature for it',
      {
        ...schema(withSettings('partialIndexes', '', schemaOf('@@index([name], map: "a", where: raw("(age > 9)"))'))),
        ...sql('CREATE INDEX a ON recruits (name) WHERE age > 9;\n'),
      },
    ],
    [
      'an extension that the datasource names',
      {
        ...schema(withSettings('postgresqlExtensions', 'extensions = [citext]', schemaOf('hat String? @db.Citext'))),
        ...sql('CREATE EXTENSION citext;\nALTER TABLE recruits ADD COLUMN hat citext;\n'),
      },
    ],
    [
      'more schemas than one',
      {
        ...schema(
          withSettings('', 'schemas = ["public", "billing"]', schemaOf('@@schema("public")')) +
            'model Bill {\n  id Int @id\n  @@schema("billing")\n}\n',
        ),
        ...sql(
          'CREATE SCHEMA billing;\nCREATE TABLE billing."Bill" (id int NOT NULL, CONSTRAINT "Bill_pkey" PRIMARY KEY (id));\n',
        ),
      },
    ],
    [
      'a view beside the model',
      {
        ...schema(withSettings('views', '', `${schemaOf()}view names {\n  name String\n}\n`)),
        ...sql('CREATE VIEW names AS SELECT name FROM recruits;\n'),
      },
    ],
  ])('good, by the settings that the models have: %s', async (_, files) => {
    commit(files)
    const report = await judge()
    expect(found(report).filter((finding) => finding.startsWith('H19'))).toEqual([])
    expect(report.passed).toContain('schema.prisma and the migrations agree')
  })

  test('a default that PostgreSQL prints in another way: what to write is said', async () => {
    commit({
      ...schema(schemaOf(`hat String? @default(dbgenerated("upper('x')"))`)),
      ...sql("ALTER TABLE recruits ADD COLUMN hat text DEFAULT upper('x');\n"),
    })
    const { findings } = await judge()
    expect(findings.flatMap((finding) => finding.next)).toContain(
      `Or, where it is the same: In prisma/schema.prisma, write the default of hat as PostgreSQL prints it:  @default(dbgenerated("upper('x'::text)"))`,
    )
    commit(schema(schemaOf(`hat String? @default(dbgenerated("upper('x'::text)"))`)))
    expect((await judge()).passed).toContain('schema.prisma and the migrations agree')
  })

  test('models in several files are compared as one', async () => {
    repository.git('rm', '--quiet', 'prisma/schema.prisma')
    commit({
      'prisma/schema/base.prisma': 'datasource db {\n  provider = "postgresql"\n}\n',
      'prisma/schema/people/recruit.prisma': schemaOf('hat String?').replace(/^datasource[^}]*\}\n/, ''),
    })
    expect(found(await judge())).toEqual([expect.stringMatching(/^H19 .*Added column `hat`/)])
    commit(sql('ALTER TABLE recruits ADD COLUMN hat text;\n'))
    expect((await judge()).passed).toContain('schema.prisma and the migrations agree')
  })

  test('a schema.prisma that cannot be read is reported with its line', async () => {
    commit(schema(schemaOf('oops')))
    expect((await judge()).findings).toMatchObject([
      { id: 'unreadable', file: 'prisma/schema.prisma', level: 'refuse', line: 9 },
    ])
  })
})

test('tables that a database has in other schemas than public are not compared, and that is said', async () => {
  await query(dev.url, 'CREATE SCHEMA archive; CREATE TABLE archive.old (id int)')
  const asked = async () => (await repository.review({ filesOnly: true, database: dev }, { dev: () => dev })).notChecked
  expect((await asked()).filter(({ what }) => what.startsWith('drift'))).toEqual([])
  await query(dev.url, 'CREATE SCHEMA billing; CREATE TABLE billing.bills (id int)')
  expect(await asked()).toContainEqual(expect.objectContaining({ what: 'drift in the schemas billing of DEV' }))
  await query(dev.url, 'DROP SCHEMA archive, billing CASCADE')
})

describe('the migrations run', () => {
  test('from empty: one that fails there is named with what PostgreSQL says', async () => {
    repository.migration(next, 'ALTER TABLE "nowhere" ADD COLUMN "hat" TEXT;\n')
    repository.commit('Work')
    const { findings, isRejected } = await judge()
    expect(isRejected).toBe(true)
    expect(findings).toMatchObject([
      {
        words: `${next} fails when all are replayed from empty`,
        why: 'PostgreSQL says: relation "nowhere" does not exist.',
      },
    ])
    expect(await shadowDatabases(server)).toEqual([])
  })

  test('from empty: of a name that is gone it says which migration took it, and what it is called since then', async () => {
    repository.migration(next, 'ALTER TABLE "recruits" RENAME COLUMN "nick" TO "alias";\n')
    repository.migration(`${next}_later`, 'CREATE VIEW "nicks" AS SELECT r."nick" FROM "recruits" r;\n')
    repository.commit('Work')
    const { findings } = await judge()
    expect(findings.filter(({ id }) => id === 'H20')).toMatchObject([
      { why: `PostgreSQL says: column r.nick does not exist. ${next} renames recruits.nick to alias.` },
    ])
  })

  test('on the rows that DEV holds: what works in an empty database fails here', async () => {
    const ours: Target = { env: 'dev', url: await freshDatabase(server, 'dev', 'dev'), files: [] }
    await query(
      ours.url,
      `CREATE TABLE recruits (id SERIAL PRIMARY KEY, name TEXT NOT NULL, nick TEXT, age INTEGER);
      INSERT INTO recruits (name, nick) VALUES ('Ada', 'same'), ('Grace', 'same')`,
    )
    repository.migration(
      next,
      '-- review-allow H5: tried on purpose\nCREATE UNIQUE INDEX "recruits_nick_key" ON "recruits"("nick");\n',
    )
    repository.commit('Work', { 'prisma/schema.prisma': schemaOf('@@unique([nick])') })
    const { findings } = await judge(() => ours)
    expect(findings.filter(({ level }) => level === 'refuse')).toMatchObject([
      {
        words: `${next} fails on the rows that DEV holds`,
        why: 'PostgreSQL says: could not create unique index "recruits_nick_key".',
      },
    ])
    await query(ours.url, 'UPDATE recruits SET nick = name')
    const again = await judge(() => ours)
    expect(again.isRejected).toBe(false)
    expect(again.passed).toContain('1 new migration on 2 rows of DEV')
    expect(await query(ours.url, 'SELECT count(*)::int AS n FROM recruits')).toEqual([{ n: 2 }])
  })

  test('where DEV is not up, that is said with its command, and the files are judged all the same', async () => {
    repository.migration(next, 'ALTER TABLE "recruits" DROP COLUMN "nick";\n')
    repository.commit('Work')
    const report = await judge(() => ({ env: 'dev', url: 'postgresql://dev:dev@127.0.0.1:1/dev', files: ['.env.dev'] }))
    expect(report.findings).toMatchObject([{ id: 'H10', level: 'refuse' }])
    expect(report.notChecked).toMatchObject([
      {
        what: 'whether the migrations run, and make what schema.prisma says',
        why: expect.stringContaining('DEV is not there'),
        next: 'npm run db up',
      },
    ])
  })
})
