import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { branchHazards } from '../../../kit/review/branch-hazards.ts'
import { loadParser } from '../../../kit/sql/tree.ts'
import { reviewRepository, landedNames, type ReviewRepository } from '../../support/review-repository.ts'

// 200 branches, each with a random choice of harmless and of defective migrations; what is wrong with each is known.

let repository: ReviewRepository
beforeAll(async () => {
  await loadParser()
  repository = reviewRepository()
})
afterAll(() => repository?.remove())

/** The same numbers in every run, so that a failure can be seen again. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const harmless = [
  (n: number) =>
    `BEGIN;\nCREATE TABLE "t${n}" ("id" SERIAL PRIMARY KEY, "r" INTEGER);\nCREATE INDEX "t${n}_r" ON "t${n}"("r");\nCOMMIT;\n`,
  (n: number) => `ALTER TABLE "recruits" ADD COLUMN "a${n}" BOOLEAN;\n`,
  (n: number) => `ALTER TABLE "recruits" ADD COLUMN "b${n}" BOOLEAN NOT NULL DEFAULT false;\n`,
  (n: number) => `CREATE TYPE "e${n}" AS ENUM ('x', 'y');\n`,
  (n: number) => `CREATE INDEX CONCURRENTLY "i${n}" ON "recruits"("age");\n`,
]
const defects: readonly (readonly [id: string, sql: (n: number) => string])[] = [
  ['H1', (n) => `ALTER TABLE "recruits" ADD COLUMN "c${n}" DATE NOT NULL;\n`],
  ['H2', (n) => `ALTER TABLE "recruits" ADD COLUMN "d${n}" UUID DEFAULT gen_random_uuid();\n`],
  ['H3', () => 'ALTER TABLE "recruits" ALTER COLUMN "age" SET NOT NULL;\n'],
  ['H4', (n) => `CREATE INDEX "j${n}" ON "recruits"("nick");\n`],
  ['H5', (n) => `CREATE UNIQUE INDEX CONCURRENTLY "u${n}" ON "recruits"(lower("name"));\n`],
  ['H7', (n) => `SELECT 1;\nDROP INDEX CONCURRENTLY "i${n}";\n`],
  ['H9', (n) => `ALTER TYPE "Mood" RENAME VALUE 'v${n}' TO 'w${n}';\n`],
  ['H10', () => 'TRUNCATE "recruits";\n'],
  ['H11', () => 'ALTER TABLE "recruits" ALTER COLUMN "name" TYPE VARCHAR(9) USING upper("name");\n'],
  ['H12', (n) => `ALTER TABLE "recruits" ADD CONSTRAINT "k${n}" CHECK ("age" > 0);\n`],
  ['H13', () => 'UPDATE "recruits" SET "age" = 1;\n'],
  ['H23', (n) => `CREATE TABLE "s${n}" ("r" INTEGER);\nCREATE INDEX "s${n}_r" ON "s${n}"("r");\n`],
]
const refused = new Set(['H1', 'H5', 'H7', 'H10', 'H20'])

interface RandomBranch {
  name: string
  files: Record<string, string>
  /** Ids of all that is found. */
  expected: string[]
}

function randomBranches(): RandomBranch[] {
  const random = numbers(20250301)
  const pick = <One>(all: readonly One[]) => all[Math.floor(random() * all.length)]!
  return Array.from({ length: 200 }, (_, branch) => {
    const files: Record<string, string> = {}
    const expected: string[] = []
    const size = Math.floor(random() * 5)
    for (let i = 0; i < size; i++) {
      const isBad = random() < 0.5
      const [id, sql] = isBad ? pick(defects) : (['', pick(harmless)] as const)
      const isLate = random() < 0.15
      if (id) expected.push(id)
      if (isLate) expected.push('H20')
      const name = `${isLate ? '20250101' : '20250201'}${String(100_000 + branch * 10 + i)}_m`
      files[name] = sql(branch * 10 + i)
    }
    if (random() < 0.1) {
      expected.push('H20')
      files[landedNames[1]] = `-- edited ${branch}\n`
    }
    return { name: `branch-${branch}`, files, expected }
  })
}

/** Commits each on main; all of them by one git. */
function commitAll(branches: RandomBranch[]): void {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`
  const stream = branches.map(({ name, files }) => {
    const who = 'committer Learner <learner@example.com> 1740823200 +0000'
    const texts = Object.entries(files).map(
      ([migration, sql]) => `M 100644 inline prisma/migrations/${migration}/migration.sql\n${data(sql)}`,
    )
    return `commit refs/heads/${name}\n${who}\n${data(name)}from refs/heads/main^0\n${texts.join('')}\n`
  })
  const imported = spawnSync('git', ['fast-import', '--quiet'], { cwd: repository.folder, input: stream.join('') })
  expect([imported.status, String(imported.stderr)]).toEqual([0, ''])
}

test('200 random branches are each judged right', async () => {
  const branches = randomBranches()
  commitAll(branches)
  for (const { name, expected } of branches) {
    writeFileSync(join(repository.folder, '.git', 'HEAD'), `ref: refs/heads/${name}\n`)
    const { findings, isRejected } = await repository.review()
    expect([name, findings.map(({ id }) => id as string).toSorted()]).toEqual([name, expected.toSorted()])
    expect([name, isRejected]).toEqual([name, expected.some((id) => refused.has(id))])
  }
  // They are of all kinds.
  expect(new Set(branches.flatMap((one) => one.expected)).size).toBe(defects.length + 1)
  expect(branches.filter((one) => one.expected.length === 0).length).toBeGreaterThan(20)
}, 600_000)

describe('what Prisma writes for what is new', () => {
  test('a model with its indexes and relations, an enum, nullable and constant-default fields: nothing but that it can be left half applied', async () => {
    const sql = `-- CreateEnum
CREATE TYPE "Role" AS ENUM ('LEARNER', 'COACH');
-- AlterTable
ALTER TABLE "recruits" ADD COLUMN     "active" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "joined" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "note" TEXT,
ADD COLUMN     "role" "Role" NOT NULL DEFAULT 'LEARNER',
ADD COLUMN     "tags" TEXT[];
-- CreateTable
CREATE TABLE "notes" (
    "id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "recruitId" INTEGER NOT NULL,
    "code" UUID NOT NULL DEFAULT gen_random_uuid(),
    CONSTRAINT "notes_pkey" PRIMARY KEY ("id")
);
-- CreateIndex
CREATE UNIQUE INDEX "notes_text_key" ON "notes"("text");
-- CreateIndex
CREATE INDEX "notes_recruitId_idx" ON "notes"("recruitId");
-- AddForeignKey
ALTER TABLE "notes" ADD CONSTRAINT "notes_recruitId_fkey" FOREIGN KEY ("recruitId") REFERENCES "recruits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- AlterEnum
ALTER TYPE "Role" ADD VALUE 'STAFF';
`
    const landed = [
      { name: '1_first', sql: 'CREATE TABLE "recruits" ("id" SERIAL PRIMARY KEY, "name" TEXT NOT NULL);' },
    ]
    const found = await branchHazards([{ name: '2_next', sql }], landed, 'prisma/migrations', [])
    expect(found.map(({ id, level }) => `${id} ${level}`)).toEqual(['H23 note'])
  })
})
