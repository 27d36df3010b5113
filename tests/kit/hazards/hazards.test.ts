import { beforeAll, describe, expect, test } from '@jest/globals'
import { branchHazards, markAllowed } from '../../../kit/review/branch-hazards.ts'
import { fileChecks, type FileCheck } from '../../../kit/hazards/file-checks.ts'
import type { HazardCheck } from '../../../kit/hazards/hazard.ts'
import { hazardChecks, hazardsOf } from '../../../kit/hazards/hazards.ts'
import { loadParser } from '../../../kit/sql/tree.ts'
import { base, corpus, filesOf, type HazardCase } from '../../support/hazard-corpus.ts'

beforeAll(loadParser)

const landed = [{ name: '20250101000000_base', sql: base }]
/** H23 is about the file as a whole: in a case of another hazard it says nothing about that one. */
const found = (one: HazardCase, judge: { checks?: readonly HazardCheck[]; ofFile?: readonly FileCheck[] } = {}) => {
  const ids = hazardsOf(filesOf(one), { landed, ...judge }).map(({ id }) => id)
  return [...new Set(ids.filter((id) => id !== 'H23' || one.id === 'H23'))]
}
const inOrder = (ids: readonly string[]) => ids.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
const bad = corpus.filter(({ id, finds }) => finds.includes(id))
const good = corpus.filter(({ id, finds }) => !finds.includes(id))

describe(`each of ${bad.length} dangerous migrations is found and named`, () => {
  test.each(bad)('$id $title, by $by', (one) => {
    expect(inOrder(found(one))).toEqual(inOrder(one.finds))
  })
})

describe(`${good.length} migrations in the accepted form give no alarm`, () => {
  test.each(good)('$id $title, by $by', (one) => {
    expect(found(one)).toEqual(one.finds)
  })
})

test('H1 to H13, and H23, have at least three bad cases and two good ones each', () => {
  for (const id of [...Array.from({ length: 13 }, (_, i) => `H${i + 1}`), 'H23']) {
    const n = (cases: readonly HazardCase[]) => cases.filter((one) => one.id === id).length
    expect([id, n(bad) >= 3, n(good) >= 2]).toEqual([id, true, true])
  }
})

test.each(fileChecks.map((check) => [`${check.id} ${check.name}`, check] as const))(
  'take %s away, and the corpus fails',
  (_, check) => {
    const ofFile = fileChecks.filter((one) => one !== check)
    expect(bad.filter((one) => found(one, { ofFile }).length === 0).length).toBeGreaterThan(0)
  },
)

test('a file that can be half applied is named with what would stay, and may be allowed anywhere in it', async () => {
  const sql = 'ALTER TABLE badges ADD COLUMN a TEXT;\nALTER TABLE badges ADD COLUMN b TEXT;\n'
  const file = [{ name: 'x', sql }]
  expect(hazardsOf(file, { landed }).map(({ level }) => level)).toEqual(['note'])
  const open = [{ name: 'x', sql: 'BEGIN;\nALTER TABLE badges ADD COLUMN a TEXT;\n' }]
  expect(hazardsOf(open).map(({ level }) => level)).toEqual(['refuse'])
  const [hazard] = hazardsOf(file, { landed, facts: { rows: () => 5 } })
  expect(hazard).toMatchObject({ id: 'H23', level: 'refuse', line: 2, endLine: undefined })
  expect(hazard!.words).toContain('would leave: line 1, ALTER TABLE badges ADD COLUMN a TEXT')
  const allowed = `${sql}-- review-allow H23: whoever sees one column sees no harm\n`
  const folder = 'prisma/migrations'
  const files = [{ name: 'x', sql: allowed }]
  const findings = markAllowed(await branchHazards(files, landed, folder, []), files, folder)
  expect(findings.map(({ id, level }) => `${id} ${level}`)).toEqual(['H23 allowed'])
})

test.each([
  ['\\connect prod\nSELECT 1;', '\\connect, line 1, is a command of psql'],
  ['\uFEFFSELECT 1;', 'byte order mark'],
  ['COPY t FROM stdin;\n1\n\\.\n', 'The rows behind COPY … FROM stdin, line 1'],
  ['SELEC 1;', 'Mend the line.'],
])('a text for another reader is told from one that is wrong: %j', (sql, accepted) => {
  expect(hazardsOf([{ name: 'x', sql }])).toMatchObject([
    { id: 'unreadable', accepted: expect.stringContaining(accepted) },
  ])
})

test.each([
  ['WITH gone AS (DELETE FROM cohorts RETURNING *) SELECT count(*) FROM gone;', 'deletes all rows of cohorts'],
  ['DROP ROUTINE shout(text) CASCADE;', 'drops shout with CASCADE'],
])('what is lost is named in: %s', (sql, words) => {
  const lost = hazardsOf([{ name: 'x', sql }], { landed }).filter(({ id }) => id === 'H10')
  expect(lost).toMatchObject([{ words: expect.stringContaining(words) }])
})

describe('take any single check away, and the corpus fails', () => {
  test.each(hazardChecks.map((check) => [`${check.id} ${check.name}`, check] as const))('%s', (_, check) => {
    const others = hazardChecks.filter((one) => one !== check)
    const missed = bad.filter((one) => inOrder(found(one, { checks: others })).join() !== inOrder(one.finds).join())
    expect(missed.length).toBeGreaterThan(0)
  })
})
