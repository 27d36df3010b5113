import type { BranchMigrations } from './branch-checks.ts'
import type { ReviewReport } from './review-report.ts'
import type { Finding } from '../hazards/finding.ts'
import { shellWord } from '../terminal/shell-word.ts'
import type { Branch } from '../git/branch.ts'

/**
 * The team's rule: a feature branch holds no change below the migrations' folder. On the base itself they are made at
 * release, so there is nothing to say.
 */
export function carriedMigrations(
  { name, base }: Pick<Branch, 'name' | 'base'>,
  migrations: BranchMigrations,
  release: string,
): Pick<ReviewReport, 'added' | 'findings' | 'notChecked' | 'passed'> {
  const { folder } = migrations
  if (name !== undefined && name === base)
    return {
      added: [],
      findings: [],
      notChecked: [],
      passed: [`this is ${base} itself, where migrations come from a release`],
    }
  const findings = changedPaths(migrations).map(({ path, isNew }): Finding => {
    const full = shellWord(`${folder}/${path}`)
    return {
      id: 'no-migrations',
      level: 'refuse',
      file: `${folder}/${path}`,
      words: `${isNew ? 'adds' : migrations.head.has(path) ? 'changes' : 'deletes'} ${path}`,
      why: 'This team makes migrations at release, on the base branch, off the real database.',
      next: [isNew ? `git rm --cached ${full}` : `git restore --source ${base} --staged --worktree -- ${full}`],
    }
  })
  return {
    added: [],
    findings: findings.map((finding, i) =>
      i === findings.length - 1
        ? { ...finding, next: [...finding.next, 'git commit -m "Leave the migrations to the release"', release] }
        : finding,
    ),
    notChecked: [],
    passed: findings.length === 0 ? [`no file below ${folder}/ is changed`] : [],
  }
}

/** What the branch has otherwise than its fork, and not because it took it over from the base. */
function changedPaths({ fork, base, head }: BranchMigrations): { path: string; isNew: boolean }[] {
  const paths = [...new Set([...fork.keys(), ...head.keys()])].toSorted()
  return paths
    .filter((path) => head.get(path) !== fork.get(path) && head.get(path) !== base.get(path))
    .map((path) => ({ path, isNew: !fork.has(path) && !base.has(path) }))
}
