import type { BranchMigrations } from './branch-checks.ts'
import type { Finding } from '../hazards/finding.ts'
import { allowedIn, withAllowed } from '../hazards/allowed.ts'
import { hazardsOf } from '../hazards/hazards.ts'
import type { MigrationText } from '../sql/migration-text.ts'
import type { Hazard, HazardFacts } from '../hazards/hazard.ts'
import { loadParser } from '../sql/tree.ts'
import { secondOpinions, squawkRules, type SquawkRule } from '../hazards/squawk-rules.ts'
import type { SquawkFinding } from '../hazards/squawk.ts'

/**
 * What is dangerous in the migrations that a branch adds. `squawk` is what squawk-cli says of them, empty where it was
 * not asked.
 */
export async function branchHazards(
  added: readonly MigrationText[],
  landed: readonly MigrationText[],
  folder: BranchMigrations['folder'],
  squawk: readonly SquawkFinding[],
  facts: HazardFacts = {},
  rules: readonly SquawkRule[] = squawkRules,
): Promise<Finding[]> {
  await loadParser()
  const fileOf = (migration: string) => `${folder}/${migration}/migration.sql`
  const own = hazardsOf(added, { landed, facts }).map((hazard) => findingOf(hazard, fileOf(hazard.migration), squawk))
  const others = squawk.flatMap(({ migration, line, rule }): Finding[] => {
    const known = rules.find((one) => one.rule === rule)
    if (!known) return []
    const { id, words, why, accepted } = known
    const at = { file: fileOf(migration), line, endLine: line }
    return [{ id, level: 'note', ...at, words, why, next: [accepted], squawk: [rule] }]
  })
  return [...own, ...others]
}

/** Marks what the SQL itself allows, and says which comments allow nothing. */
export function markAllowed(findings: readonly Finding[], added: readonly MigrationText[], folder: string): Finding[] {
  const files = new Map(added.map(({ name, sql }) => [`${folder}/${name}/migration.sql`, sql]))
  return [
    ...findings.filter(({ file }) => !files.has(file)),
    ...[...files].flatMap(([file, sql]) => {
      const here = findings.filter((finding) => finding.file === file)
      return withAllowed(here, file, allowedIn(sql))
    }),
  ]
}

function findingOf(hazard: Hazard, file: string, squawk: readonly SquawkFinding[]): Finding {
  const { id, level, line, endLine, words, why, accepted, statement, lock, rewrite } = hazard
  const same = squawk.filter(
    (one) =>
      one.migration === hazard.migration &&
      one.line >= line &&
      one.line <= (endLine ?? line) &&
      secondOpinions[one.rule] === id,
  )
  const by = { squawk: [...new Set(same.map(({ rule }) => rule))] }
  return { id, level, file, line, endLine, words, why, next: [accepted], statement, lock, rewrite, ...by }
}
