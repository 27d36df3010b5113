import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { readFileSync, rmSync } from 'node:fs'
import { driftBed, words, type DriftBed } from './drift-bed.ts'
import { applyMigrations } from '../../../kit/engine/engine.ts'
import { laid } from '../../support/laid-steps.ts'

// Schemas as people have them. DEV has one migration more, with rows: it makes what models can name and cannot make.

let bed: DriftBed
beforeAll(async () => {
  bed = await driftBed()
  begin()
  await applyMigrations(bed.url('dev'), bed.file('prisma/migrations'))
  await bed.sql('dev', "INSERT INTO things (mail, half) VALUES ('A@x', 1), ('b@x', 2)")
})
beforeEach(begin)
afterAll(() => bed?.remove())

const name = '20990101000000_more'
const sql = `CREATE EXTENSION citext;
CREATE FUNCTION short_id() RETURNS text LANGUAGE sql AS $$ SELECT gen_random_uuid()::text $$;
CREATE DOMAIN small AS int CHECK (VALUE < 100);
CREATE TABLE "Old" (
  id SERIAL, code text NOT NULL DEFAULT short_id(), mail citext, half small, twice int GENERATED ALWAYS AS (half * 2) STORED,
  seen text DEFAULT upper('x'), CONSTRAINT things_pkey PRIMARY KEY (id)
);
ALTER TABLE "Old" RENAME TO things;
CREATE UNIQUE INDEX things_lower ON things (lower(code));
CREATE INDEX things_some ON things (half) WHERE id > 1;
CREATE VIEW seen_things AS SELECT id FROM things;
`
const model = `model Thing {
  id    Int     @id @default(autoincrement())
  code  String  @default(dbgenerated("short_id()"))
  mail  String? @db.Citext
  half  Int?
  twice Int?
  seen  String? @default(dbgenerated())
  @@map("things")
}
`
const recruits = laid(10)['prisma/schema.prisma']!

function begin(): void {
  bed.reset()
  bed.migration(name, sql)
  rmSync(bed.file('prisma/schema'), { recursive: true, force: true })
  bed.write('prisma/schema.prisma', `${recruits}\n${model}`)
}

/** The report on DEV alone; of the client it says that it is older. */
async function expectInSync(): Promise<void> {
  const { layers, columns, link } = await bed.report('--env', 'dev')
  expect(layers.filter(({ problem }) => problem)).toEqual([])
  expect([...words(link('migrations')), ...words(link('dev'))]).toEqual([])
  expect(columns.filter(({ cells }) => cells.slice(0, 3).join('') !== '···')).toEqual([])
}

test(
  'a function, an extension and a domain of a migration, a renamed table, a generated column: in sync, in the table too',
  expectInSync,
)

test('what DEV has otherwise than the migrations is ≠ in the table too, where the models leave it open', async () => {
  const back = `ALTER TABLE things ALTER seen SET DEFAULT upper('x')`
  await bed.byHand('dev', `ALTER TABLE things ALTER seen SET DEFAULT 'y'`, back, async () => {
    const { columns, link } = await bed.report('--env', 'dev')
    expect(words(link('dev'))).toHaveLength(1)
    expect(columns.find(({ column }) => column === 'seen')!.cells.slice(0, 3)).toEqual(['·', '·', '≠'])
  })
})

test('preview features, extensions and the schema public by its name', async () => {
  const settings = recruits
    .replace(
      'provider            = "prisma-client"',
      '$&\n  previewFeatures = ["partialIndexes", "postgresqlExtensions"]',
    )
    .replace('provider = "postgresql"', '$&\n  extensions = [citext]\n  schemas = ["public"]')
    .replace('@@map("recruits")', '$&\n  @@schema("public")')
  const indexed = model.replace(
    '@@map',
    '@@schema("public")\n  @@index([half], map: "things_some", where: raw("(id > 1)"))\n  $&',
  )
  bed.write('prisma/schema.prisma', `${settings}\n${indexed}`)
  await expectInSync()
  bed.write('prisma/schema.prisma', `${settings}\n${indexed.replace('id > 1', 'id > 2')}`)
  expect(words((await bed.report('--env', 'dev')).link('migrations'))).toEqual([
    expect.stringMatching(/^index things_some/),
  ])
  bed.write('prisma/schema.prisma', `${settings.replace('[citext]', '[citext, hstore]')}\n${indexed}`)
  expect((await bed.report('--env', 'dev')).link('migrations')).toMatchObject({
    differences: [{ words: 'extension hstore is missing' }],
    sql: ['CREATE EXTENSION IF NOT EXISTS "hstore";'],
  })
})

test('models in several files', async () => {
  rmSync(bed.file('prisma/schema.prisma'))
  bed.write('prisma/schema/recruits.prisma', recruits)
  bed.write('prisma/schema/more/thing.prisma', model)
  await expectInSync()
  expect((await bed.report('--env', 'dev')).link('migrations').isInSync).toBe(true)
})

test('what no migration has made is the model’s, and no migration is told to be mended', async () => {
  bed.write('prisma/schema.prisma', `${recruits}\n${model.replace('short_id()', 'long_id()')}`)
  const { layers, link } = await bed.report('--env', 'dev')
  expect(layers.find(({ problem }) => problem)).toMatchObject({
    name: 'schema',
    problem: { message: 'What prisma/schema.prisma says cannot be made.', why: expect.stringContaining('long_id()') },
  })
  expect(link('dev').isInSync).toBe(true)
})

test('more schemas than public: that is said, and nothing else', async () => {
  const more = recruits.replace('provider = "postgresql"', '$&\n  schemas = ["public", "billing"]')
  const at = (schema: string, text: string) => text.replace('@@map', `@@schema("${schema}")\n  $&`)
  bed.write('prisma/schema.prisma', `${at('public', more)}\n${at('billing', model)}`)
  const { code, output } = await bed.door('drift')
  expect(code).toBe(1)
  expect(output).toContain('prisma/schema.prisma names schemas beside public, which are not compared here: billing.')
  expect(output).not.toMatch(/DROP TABLE|in sync|✓|no table anywhere/)
  expect(output).toContain('next  npx prisma migrate diff --from-migrations')
})

test('a URL that names another schema is said to', async () => {
  const file = bed.file('.env.dev.local')
  bed.write('.env.dev.local', readFileSync(file, 'utf8').replace(/(DATABASE_URL=\S+?)(["']?)$/m, '$1?schema=app$2'))
  const { layers } = await bed.report('--env', 'dev')
  expect(layers.find(({ name: one }) => one === 'dev')!.problem).toMatchObject({
    message: 'The URL of DEV names the schema app, and only public is compared here.',
  })
})

test('an extension that somebody has made by hand is no drift; one that a migration has made, and is gone, is', async () => {
  await bed.asAdmin('CREATE EXTENSION hstore', 'dev', 'dev')
  await expectInSync()
  const between = (await bed.report()).links.find(({ from }) => from === 'dev')!
  expect(between.differences.filter(({ kind }) => kind === 'extension')).toEqual([])
  await bed.asAdmin('DROP EXTENSION hstore; ALTER TABLE things DROP mail; DROP EXTENSION citext', 'dev', 'dev')
  expect(words((await bed.report('--env', 'dev')).link('dev'))).toContain('extension citext is missing')
})
