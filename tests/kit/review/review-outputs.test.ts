import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { annotations, renderBranch } from '../../../kit/review/review-lines.ts'
import { allowedIn } from '../../../kit/hazards/allowed.ts'
import type { ReviewReport } from '../../../kit/review/review-report.ts'
import { reviewRepository, type ReviewRepository } from '../../support/review-repository.ts'

let repository: ReviewRepository
let report: ReviewReport
beforeAll(async () => {
  repository = reviewRepository()
  repository.migration(
    '20250103000000_mixed',
    `-- review-allow H10: the column was never filled, see the note of 3 March
ALTER TABLE "recruits" DROP COLUMN "nick";
ALTER TABLE "recruits"
  ADD COLUMN "code" UUID DEFAULT gen_random_uuid();
-- review-allow H11
ALTER TABLE "recruits" ALTER COLUMN "age" TYPE BIGINT; -- review-allow H4: not here
ALTER TABLE "recruits" ADD COLUMN "shoe" INTEGER NOT NULL;
`,
  )
  repository.commit('Work')
  report = await repository.review({ filesOnly: false })
})
afterAll(() => repository.remove())

const file = 'prisma/migrations/20250103000000_mixed/migration.sql'

test('the report names each hazard with its line, its lock and whether the table is written anew', () => {
  expect(report.isRejected).toBe(true)
  expect(report.findings.map(({ id, level, line, lock, rewrite }) => [id, level, line, lock, rewrite])).toEqual([
    ['H1', 'refuse', 7, 'ACCESS EXCLUSIVE', false],
    ['H10', 'allowed', 2, 'ACCESS EXCLUSIVE', false],
    ['H2', 'note', 3, 'ACCESS EXCLUSIVE', true],
    ['H23', 'note', 3, undefined, false],
    ['H11', 'note', 5, undefined, undefined],
    ['H11', 'note', 6, 'ACCESS EXCLUSIVE', true],
    ['H4', 'note', 6, undefined, undefined],
  ])
})

test('squawk-cli is named where it sees the same', () => {
  expect(report.findings.find(({ id }) => id === 'H10')!.squawk).toEqual(['ban-drop-column'])
  expect(report.findings.find(({ id }) => id === 'H1')!.squawk).toEqual(['adding-required-field'])
})

describe('-- review-allow', () => {
  test('names an accepted risk, which shows up with its reason and is in the way of nothing', () => {
    expect(report.findings.find(({ id }) => id === 'H10')).toMatchObject({
      level: 'allowed',
      reason: 'the column was never filled, see the note of 3 March',
    })
  })

  test('its word of before counts too: a migration that has landed never changes', () => {
    const [found] = allowedIn('-- guard-allow H10: nobody had one\nALTER TABLE a DROP COLUMN b;')
    expect(found).toMatchObject({ id: 'H10', reason: 'nobody had one', statementEnd: 2 })
  })

  test('without a reason it does not count, and one that allows nothing is said', () => {
    expect(report.findings.filter(({ words }) => words.startsWith('review-allow')).map(({ words }) => words)).toEqual([
      'review-allow H11 gives no reason, and does not count',
      'review-allow H4 allows nothing',
    ])
  })

  test('in a string it is no comment, and for another statement it does not hold', async () => {
    const other = reviewRepository()
    other.migration(
      '20250103000000_drop',
      `SELECT '-- review-allow H10: in a string';
ALTER TABLE "recruits" DROP COLUMN "nick";
-- review-allow H10: too late
ALTER TABLE "recruits" ADD COLUMN "hat" INTEGER;\n`,
    )
    other.commit('Work')
    const { findings, isRejected } = await other.review()
    other.remove()
    expect(isRejected).toBe(true)
    expect(findings.map(({ words }) => words)).toEqual([
      'drops the column recruits.nick, with its values',
      'review-allow H10 allows nothing',
      expect.stringContaining('would leave: line 2, ALTER TABLE "recruits" DROP COLUMN "nick"'),
    ])
  })

  test('a risk of the whole file is allowed anywhere in it', async () => {
    const other = reviewRepository()
    other.migration('20250101120000_late', '-- review-allow H20: nothing before it has been deployed\nSELECT 1;\n')
    other.commit('Work')
    const { findings, isRejected } = await other.review()
    other.remove()
    expect(isRejected).toBe(false)
    expect(findings).toMatchObject([{ id: 'H20', level: 'allowed' }])
  })
})

test('for people: what, where, why and what to do instead', () => {
  const lines = renderBranch(report).map(stripVTControlCharacters)
  expect(lines[0]).toBe('Against main, mode reviewed: 1 new migration')
  const at = lines.findIndex((line) => line.startsWith('✗ H1 '))
  expect(lines.slice(at, at + 6)).toEqual([
    '✗ H1 adds the required column recruits.shoe, and the rows that are there have no value for it',
    `  ${file}:7`,
    '  ALTER TABLE "recruits" ADD COLUMN "shoe" INTEGER NOT NULL',
    '  lock  ACCESS EXCLUSIVE, squawk: adding-required-field',
    '  why   On a table with rows it fails with 23502, and Prisma then refuses every deploy until it is resolved.',
    '  next  Add it nullable, fill it in batches, then require it (CHECK … NOT VALID, VALIDATE, SET NOT NULL).',
  ])
  expect(lines).toContain('  ok    allowed here: the column was never filled, see the note of 3 March')
  expect(lines.at(-1)).toBe('✗ rejected: 1 to mend, 1 allowed, 5 to know')
})

test('for GitHub: an annotation beside each line, with its special signs escaped', () => {
  const lines = annotations(report)
  expect(lines[0]).toMatch(new RegExp(`^::error file=${file},line=7,endLine=7,title=H1::adds the required column`))
  expect(lines[0]).toContain('%0A')
  expect(lines.filter((line) => line.startsWith('::notice')).length).toBeGreaterThan(0)
  expect(lines.every((line) => /^::(error|warning|notice) /.test(line) && !/[\r\n]/.test(line))).toBe(true)
  const odd = { ...report, findings: [{ ...report.findings[0]!, file: 'a,b:c.sql', words: '100%\r\n' }] }
  expect(annotations(odd)[0]).toMatch(/^::error file=a%2Cb%3Ac\.sql,line=7,endLine=7,title=H1::100%25%0D%0A/)
})

test('as JSON it is the report itself', () => {
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({
    mode: 'reviewed',
    base: 'main',
    added: ['20250103000000_mixed'],
    isRejected: true,
    findings: expect.arrayContaining([expect.objectContaining({ id: 'H1', file, line: 7, lock: 'ACCESS EXCLUSIVE' })]),
  })
})

test('what could not be checked is said, with the command that does', () => {
  expect(report.notChecked).toEqual([
    {
      what: 'whether the migrations run, and make what schema.prisma says',
      why: 'There is no server here that a database may be made on.',
      next: 'npx prisma migrate diff --from-migrations prisma/migrations --to-schema prisma/schema.prisma --exit-code    (with a shadow database of your own)',
    },
  ])
})
