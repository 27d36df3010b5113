import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { corpus, user } from './release-shapes-corpus.ts'
import { openShapes, type Shape, type Shapes } from './release-shapes.ts'

// Ordinary changes of ordinary models, without git and without a copy: the form runs on a guarded database with rows, it
// makes the models of an empty one too, and nothing is left to do.

let shapes: Shapes

beforeAll(async () => {
  shapes = await openShapes()
})
afterAll(() => shapes.close())

describe('a release of', () => {
  test.each(corpus)('%s', async (_, shape) => {
    const { phases, found } = await shapes.release(shape)
    expect({ phases, found }).toEqual({ phases: shape.phases ?? expect.any(Array), found: shape.kept?.[1] })
  })

  test.each<[string, Omit<Shape, 'after'>]>([
    [
      'some rows only',
      { before: 'model T { id Int @id; a Int; b Int }', raw: 'CREATE UNIQUE INDEX p ON "T" (a) WHERE b > 1;' },
    ],
    [
      'included columns',
      { before: 'model T { id Int @id; a Int; b Int }', raw: 'CREATE INDEX i ON "T" (a) INCLUDE (b);' },
    ],
    ['an expression', { before: 'model T { id Int @id; a String }', raw: 'CREATE INDEX l ON "T" (lower(a));' }],
    [
      'NULL as a value, and an order of its own',
      {
        before: 'model T { id Int @id; a String?; b String?; @@unique([a]); @@index([b]) }',
        raw: 'DROP INDEX "T_a_key"; DROP INDEX "T_b_idx"; CREATE UNIQUE INDEX "T_a_key" ON "T" (a) NULLS NOT DISTINCT; CREATE INDEX "T_b_idx" ON "T" (b COLLATE "C" NULLS FIRST) WITH (fillfactor = 70);',
      },
    ],
    [
      'a foreign key that is checked at the end',
      {
        before: `${user}\nmodel P { id Int @id; uId Int; u U @relation(fields: [uId], references: [id]) }`,
        raw: 'ALTER TABLE "P" ALTER CONSTRAINT "P_uId_fkey" DEFERRABLE INITIALLY DEFERRED;',
      },
    ],
    [
      'a generated column',
      {
        before: 'model T { id Int @id; a String; f String? @default(dbgenerated()) }',
        raw: 'ALTER TABLE "T" DROP COLUMN f; ALTER TABLE "T" ADD COLUMN f text GENERATED ALWAYS AS (lower(a)) STORED;',
      },
    ],
  ])('something else leaves alone what no model can say: %s', async (_, shape) => {
    const after = `${shape.before}\nmodel New { id Int @id }`
    expect((await shapes.release({ ...shape, after })).sql).not.toMatch(/DROP|"[TP]"/)
  })
})

test('a rename to a name that is taken is no answer, nor are two of one column', async () => {
  const shape = { before: 'model T { id Int @id; a Int; b Int }', after: 'model T { id Int @id; b Int; c Int }' }
  await expect(shapes.release({ ...shape, flags: { rename: ['T.a=b'] } })).rejects.toMatchObject({
    why: '"--rename T.a=b": PROD has T.b already.',
  })
  await expect(shapes.release({ ...shape, flags: { rename: ['T.a=b', 'T.b=b'] } })).rejects.toMatchObject({
    why: '"--rename T.a=b": Another --rename has one of these names, too.',
  })
})

test('an enum with another name takes columns, lists and defaults along: one statement', async () => {
  const { sql, found } = await shapes.release({
    before: 'enum Role { A; B }\nmodel T { id Int @id; r Role @default(A); rs Role[] @default([A]); s String? }',
    after: 'enum Kind { A; B }\nmodel T { id Int @id; r Kind @default(A); rs Kind[] @default([A]); s String? }',
    rows: `INSERT INTO "T" VALUES (1, 'B', '{A,B}', 'Role')`,
    kept: ['SELECT r, rs::text, s FROM "T"', []],
  })
  expect({ sql, found }).toEqual({
    sql: 'ALTER TYPE "Role" RENAME TO "Kind";\n',
    found: [{ r: 'B', rs: '{A,B}', s: 'Role' }],
  })
})
