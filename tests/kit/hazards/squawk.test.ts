import { describe, expect, test } from '@jest/globals'
import { branchHazards } from '../../../kit/review/branch-hazards.ts'
import { hazardsOf } from '../../../kit/hazards/hazards.ts'
import { loadParser } from '../../../kit/sql/tree.ts'
import { secondOpinions, squawkRules } from '../../../kit/hazards/squawk-rules.ts'
import { askSquawk } from '../../../kit/hazards/squawk.ts'
import { base, corpus, filesOf } from '../../support/hazard-corpus.ts'

/** What squawk-cli alone says of a case of the corpus. */
const alone = async (one: (typeof corpus)[number]) => {
  const sees = (await askSquawk(filesOf(one)))!.some(({ rule }) => secondOpinions[rule] === one.id)
  if (one.finds.includes(one.id)) return sees ? 'sees it' : 'is blind'
  return sees ? 'alarms for nothing' : 'is silent'
}

describe('what squawk-cli alone finds in the same files', () => {
  test.each(corpus)('$id $title: it $squawk', async (one) => {
    expect(await alone(one)).toBe(one.squawk)
  })
})

const landed = [{ name: '20250101000000_base', sql: base }]
const cases: Record<string, { bad: string[]; good: string[] }> = {
  'require-concurrent-index-deletion': {
    bad: [
      'DROP INDEX "recruits_name_idx";',
      'drop index if exists public.recruits_name_idx;',
      'SELECT 1; DROP INDEX a, b;',
    ],
    good: ['DROP INDEX CONCURRENTLY "recruits_name_idx";', 'DROP VIEW IF EXISTS names;'],
  },
  'require-concurrent-reindex': {
    bad: ['REINDEX INDEX recruits_name_idx;', 'REINDEX TABLE recruits;', 'REINDEX (VERBOSE) SCHEMA public;'],
    good: ['REINDEX INDEX CONCURRENTLY recruits_name_idx;', 'REINDEX (CONCURRENTLY) TABLE recruits;'],
  },
  'require-concurrent-partition-detach': {
    bad: [
      'ALTER TABLE logs DETACH PARTITION logs_2024;',
      'alter table public.logs detach partition public.logs_2023;',
      'SELECT 1;\nALTER TABLE logs DETACH PARTITION logs_2022;',
    ],
    good: [
      'ALTER TABLE logs DETACH PARTITION logs_2024 CONCURRENTLY;',
      'ALTER TABLE logs DETACH PARTITION logs_2024 FINALIZE;',
    ],
  },
  'ban-alter-domain-with-add-constraint': {
    bad: [
      'ALTER DOMAIN short ADD CONSTRAINT few CHECK (length(VALUE) < 9);',
      'ALTER DOMAIN public.short ADD CHECK (VALUE <> $$$$);',
      "SELECT 1;\nalter domain short add constraint named check (value like 'a%');",
    ],
    good: ['ALTER DOMAIN short DROP CONSTRAINT few;', 'ALTER DOMAIN short VALIDATE CONSTRAINT few;'],
  },
}

describe('what only squawk-cli looks for is in the report, under the hazard that it is', () => {
  const report = async (sql: string, rules = squawkRules) => {
    const files = [{ name: '20250201000000_file', sql }]
    const found = await branchHazards(files, landed, 'prisma/migrations', (await askSquawk(files))!, {}, rules)
    return found.map(({ id, squawk, level }) => `${id} ${squawk!.join()} ${level}`)
  }

  test.each(squawkRules)('$rule', async ({ rule, id }) => {
    const { bad, good } = cases[rule]!
    for (const sql of bad) expect([sql, await report(sql)]).toEqual([sql, [`${id} ${rule} note`]])
    for (const sql of good) expect([sql, await report(sql)]).toEqual([sql, []])
    // Without the rule nobody finds it.
    const others = squawkRules.filter((one) => one.rule !== rule)
    expect(await report(bad[0]!, others)).toEqual([])
  })
})

test('what both see is one finding, and squawk’s rule stands beside it', async () => {
  await loadParser()
  for (const one of corpus) {
    const files = filesOf(one)
    const own = hazardsOf(files, { landed }).length
    const both = await branchHazards(files, landed, 'prisma/migrations', (await askSquawk(files))!)
    const added = both.filter(({ squawk = [] }) => squawkRules.some(({ rule }) => squawk.includes(rule)))
    expect(both.length - added.length).toBe(own)
    const named = both.some(({ id, squawk = [] }) => id === one.id && squawk.length > 0)
    expect([one.title, named]).toEqual([one.title, one.squawk === 'sees it'])
  }
})
