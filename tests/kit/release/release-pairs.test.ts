import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openShapes, type Shapes } from './release-shapes.ts'

// A relation between two lists gets a model of its own: its rows stay, and the questions are asked by themselves.

let shapes: Shapes
beforeAll(async () => {
  shapes = await openShapes()
})
afterAll(() => shapes.close())

const lists = {
  before:
    'model Post { id Int @id; tags Tag[] @relation("tagged") }\nmodel Tag { id Int @id; posts Post[] @relation("tagged") }',
  after: `model Post { id Int @id; tags PostTag[] }\nmodel Tag { id Int @id; posts PostTag[] }
model PostTag { tagId Int; postId Int; at DateTime @default(now()); tag Tag @relation(fields: [tagId], references: [id]); post Post @relation(fields: [postId], references: [id]); @@id([postId, tagId]) }`,
  rows: 'INSERT INTO "Post" VALUES (1), (2); INSERT INTO "Tag" VALUES (1), (2); INSERT INTO "_tagged" VALUES (1, 2)',
}
const one = (from: string, to: string) => ({ question: { about: 'rename', from, to } })

test('the table and both columns, by what they refer to, whatever their order', async () => {
  await expect(shapes.release(lists)).rejects.toMatchObject(one('_tagged', 'PostTag'))
  const table = ['_tagged=PostTag']
  await expect(shapes.release({ ...lists, flags: { rename: table } })).rejects.toMatchObject(one('PostTag.B', 'tagId'))
  const rename = [...table, 'PostTag.B=tagId', 'PostTag.A=postId']
  const { found, sql } = await shapes.release({
    ...lists,
    flags: { rename },
    kept: ['SELECT "postId", "tagId" FROM "PostTag"', [{ postId: 1, tagId: 2 }]],
  })
  expect(found).toEqual([{ postId: 1, tagId: 2 }])
  expect(sql).not.toMatch(/DROP TABLE|DROP COLUMN/)
})

test('between rows of one model the place tells, and that it is told how Prisma chose', async () => {
  const self = {
    before: 'model U { id Int @id; a U[] @relation("f"); b U[] @relation("f") }',
    after: `model U { id Int @id; a Follow[] @relation("x"); b Follow[] @relation("y") }
model Follow { id Int @id @default(autoincrement()); byId Int; ofId Int; by U @relation("x", fields: [byId], references: [id]); of U @relation("y", fields: [ofId], references: [id]) }`,
    rows: 'INSERT INTO "U" VALUES (1), (2); INSERT INTO "_f" VALUES (1, 2)',
  }
  await expect(shapes.release(self)).rejects.toMatchObject(one('_f', 'Follow'))
  await expect(shapes.release({ ...self, flags: { rename: ['_f=Follow'] } })).rejects.toMatchObject({
    question: { from: 'Follow.A', to: 'byId', evidence: expect.arrayContaining([expect.stringContaining('alphabet')]) },
  })
  const { found } = await shapes.release({
    ...self,
    flags: { rename: ['_f=Follow', 'Follow.A=byId', 'Follow.B=ofId'] },
    kept: ['SELECT id, "byId", "ofId" FROM "Follow"', []],
  })
  expect(found).toEqual([{ id: 1, byId: 1, ofId: 2 }])
})
