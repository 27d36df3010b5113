import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { notKept } from '../../../kit/release/refusals.ts'
import { openShapes, type Shape, type Shapes } from './release-shapes.ts'

// Schemas as people have them: what models name and cannot make, preview features, and the datasource's own settings.

let shapes: Shapes
beforeAll(async () => {
  shapes = await openShapes()
})
afterAll(() => shapes.close())

const shortId = `CREATE FUNCTION short_id() RETURNS text LANGUAGE sql AS $$ SELECT 'i' || floor(random() * 1000) $$;`
const some = '@@index([a], map: "some_rows", where: raw("(b > 1)"))'

describe('a release of', () => {
  test.each<[string, Shape]>([
    [
      'a model whose default is a function that a migration has made',
      {
        before: 'model T { id Int @id; a String? }',
        raw: `${shortId} ALTER TABLE "T" ALTER a SET DEFAULT short_id();`,
        after:
          'model T { id Int @id; a String? @default(dbgenerated("short_id()")); b String? @default(dbgenerated("short_id()")) }',
        rows: `INSERT INTO "T" VALUES (1, 'x')`,
        kept: ['SELECT a FROM "T"', [{ a: 'x' }]],
      },
    ],
    [
      'a model whose type an extension of a migration has made, and a domain beside it',
      {
        before: 'model T { id Int @id; a String?; b Int? }',
        raw: 'CREATE EXTENSION citext; CREATE DOMAIN small AS int CHECK (VALUE < 10); ALTER TABLE "T" ALTER a TYPE citext, ALTER b TYPE small;',
        after: 'model T { id Int @id; a String? @db.Citext; b Int?; c String? @db.Citext }',
        rows: `INSERT INTO "T" VALUES (1, 'X', 3)`,
        kept: [`SELECT a, b, pg_typeof(b)::text AS of FROM "T" WHERE a = 'x'`, [{ a: 'X', b: 3, of: 'small' }]],
      },
    ],
    [
      'an extension that the datasource names, and the type that it brings',
      {
        before: 'model T { id Int @id; a String @unique }',
        after: 'model T { id Int @id; a String @unique @db.Citext }',
        features: ['postgresqlExtensions'],
        datasource: 'extensions = [citext]',
        rows: `INSERT INTO "T" VALUES (1, 'X')`,
        kept: [`SELECT a FROM "T" WHERE a = 'x'`, [{ a: 'X' }]],
      },
    ],
    [
      'a default that is only mentioned: it stays, whatever else changes in its column',
      {
        before: 'model T { id Int @id; a String?; b Int? }',
        raw: `ALTER TABLE "T" ALTER a SET DEFAULT upper('y'), ALTER b SET DEFAULT 1 + 1;`,
        after: 'model T { id Int @id; a String? @default(dbgenerated()); b Int @default(dbgenerated()) @map("c") }',
        rows: 'INSERT INTO "T" VALUES (1, DEFAULT, NULL)',
        flags: { rename: ['T.b=c'], backfill: ['T.c=5'] },
        kept: [
          'INSERT INTO "T" (id) VALUES (2) RETURNING a, c, (SELECT c FROM "T" WHERE id = 1) AS first',
          [{ a: 'Y', c: 2, first: 5 }],
        ],
      },
    ],
    [
      'instants that get a time zone, or lose it: Prisma writes UTC, whatever the server’s own zone is',
      {
        before: 'model T { id Int @id; a DateTime; b DateTime @db.Timestamptz(3); c DateTime @db.Date }',
        after: 'model T { id Int @id; a DateTime @db.Timestamptz(3); b DateTime; c DateTime @db.Timestamptz(3) }',
        rows: `INSERT INTO "T" VALUES (1, '2024-03-31 02:30', '2024-03-31T02:30Z', '2024-03-31')`,
        kept: [
          `SELECT a = '2024-03-31T02:30Z' AS a, b = '2024-03-31 02:30' AS b, c = '2024-03-31T00:00Z' AS c FROM "T"`,
          [{ a: true, b: true, c: true }],
        ],
      },
    ],
    [
      'an index of some rows, by its preview feature',
      {
        before: 'model T { id Int @id; a Int; b Int }',
        after: `model T { id Int @id; a Int; b Int; ${some} }`,
        features: ['partialIndexes'],
        kept: [
          `SELECT pg_get_expr(indpred, indrelid) AS where FROM pg_index WHERE indexrelid = 'some_rows'::regclass`,
          [{ where: '(b > 1)' }],
        ],
      },
    ],
    [
      'an index of other rows than before, by its preview feature',
      {
        before: 'model T { id Int @id; a Int; b Int }',
        raw: 'CREATE INDEX some_rows ON "T" (a) WHERE b > 2; CREATE INDEX gone ON "T" (a) WHERE b > 3;',
        after: `model T { id Int @id; a Int; b Int; ${some} }`,
        features: ['partialIndexes'],
        kept: [
          `SELECT indexdef LIKE '%> 1)' AS is FROM pg_indexes WHERE indexname IN ('some_rows', 'gone')`,
          [{ is: true }],
        ],
      },
    ],
    [
      'an index whose included columns the model has as columns, as Prisma reads them',
      {
        before: 'model T { id Int @id; a Int; b Int }',
        raw: 'CREATE INDEX some_rows ON "T" (a) INCLUDE (b);',
        after: 'model T { id Int @id; a Int; b Int; c Int?; @@index([a, b], map: "some_rows") }',
        kept: [`SELECT indexdef LIKE '%INCLUDE%' AS is FROM pg_indexes WHERE indexname = 'some_rows'`, [{ is: true }]],
      },
    ],
  ])('%s', async (_, shape) => {
    expect((await shapes.release(shape)).found).toEqual(shape.kept?.[1])
  })
})

test.each([
  ['ERROR: permission denied to create extension "postgis"', 'by somebody who may'],
  ['ERROR: type "citext" does not exist', 'has to be made by a migration'],
  ['ERROR: could not create unique index "u"', 'Mend the rows on PROD'],
])('what fails in the rehearsal is to be mended where it is wrong: %s', (line, next) => {
  const stage = { name: 'rehearsal' as const, mark: 'bad' as const, words: 'it fails', more: [line] }
  expect(notKept(stage).next[0]).toContain(next)
})

test('models that are views alone ask for nothing', async () => {
  const views = {
    before: '',
    raw: 'CREATE VIEW v AS SELECT 1 AS id',
    after: 'view v { id Int @unique }',
    features: ['views'],
  }
  expect(await shapes.release(views)).toMatchObject({ phases: [], sql: '' })
})

test('what no migration has made is told as the model’s, and no migration is at fault', async () => {
  const shape = {
    before: 'model T { id Int @id }',
    after: 'model T { id Int @id; a String? @default(dbgenerated("no_id()")) }',
  }
  await expect(shapes.release(shape)).rejects.toMatchObject({
    message: 'What prisma/schema.prisma says cannot be made.',
    why: 'PostgreSQL says: function no_id() does not exist. No migration makes that.',
  })
})

test('schemas beside public are not compared, and that is said before anything else', async () => {
  const shape = { before: 'model T { id Int @id }', after: 'model T { id Int @id; @@schema("billing") }' }
  await expect(shapes.release({ ...shape, datasource: 'schemas = ["public", "billing"]' })).rejects.toMatchObject({
    message: 'prisma/schema.prisma names schemas beside public, which are not compared here: billing.',
  })
  // Its tables may stand in PROD, though no model is there any more.
  const back = { before: 'model T { id Int @id }', after: 'model T { id Int @id; a Int?; @@schema("public") }' }
  await expect(shapes.release({ ...back, datasource: 'schemas = ["public", "billing"]' })).rejects.toThrow('billing')
})
