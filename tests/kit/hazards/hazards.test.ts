import { beforeAll, describe, expect, test } from '@jest/globals'
import type { HazardCheck } from '../../../kit/hazards/hazard.ts'
import { hazardChecks, hazardsOf } from '../../../kit/hazards/hazards.ts'
import { loadParser } from '../../../kit/sql/tree.ts'
import { base, corpus, filesOf, type HazardCase } from '../../support/hazard-corpus.ts'

beforeAll(loadParser)

const landed = [{ name: '20250101000000_base', sql: base }]
const found = (one: HazardCase, checks: readonly HazardCheck[] = hazardChecks) => [
  ...new Set(hazardsOf(filesOf(one), { landed, checks }).map(({ id }) => id)),
]
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

test('H1 to H13 have at least three bad cases and two good ones each', () => {
  for (const id of Array.from({ length: 13 }, (_, i) => `H${i + 1}`)) {
    const n = (cases: readonly HazardCase[]) => cases.filter((one) => one.id === id).length
    expect([id, n(bad) >= 3, n(good) >= 2]).toEqual([id, true, true])
  }
})

describe('take any single check away, and the corpus fails', () => {
  test.each(hazardChecks.map((check) => [`${check.id} ${check.name}`, check] as const))('%s', (_, check) => {
    const others = hazardChecks.filter((one) => one !== check)
    const missed = bad.filter((one) => inOrder(found(one, others)).join() !== inOrder(one.finds).join())
    expect(missed.length).toBeGreaterThan(0)
  })
})
