import type { HistoryNote, LayerProblem, Link } from './drift-report.ts'
import type { Env } from '../database/target.ts'
import { waysOut, type TookHold } from './half-applied.ts'

type Compared = Pick<Link, 'differences' | 'renames'>

/** What to type when the models say something else than the migrations make. */
export function nextForMigrations({ differences, renames }: Compared): string[] {
  if (differences.length + renames.length === 0) return []
  const losesValues =
    renames.length > 0 || differences.some(({ what, kind }) => what === 'extra' && ['column', 'table'].includes(kind))
  if (!losesValues) return ['npm run migrate -- dev --name describe_the_change']
  return [
    renames.length > 0
      ? 'npm run migrate -- dev --create-only --name describe_the_change    (Prisma writes a drop and an add: write RENAME COLUMN instead)'
      : 'npm run migrate -- dev --create-only --name describe_the_change    (it drops values: keep them first)',
  ]
}

/** What to type for each thing that is wrong with a database. */
export function nextForDatabase(
  env: Env,
  history: readonly HistoryNote[],
  compared: Compared,
  problem?: LayerProblem,
  took?: TookHold,
): string[] {
  const on = env === 'dev' ? '' : ' --env prod'
  const ways: Record<HistoryNote['kind'], (migration: string, note: HistoryNote) => string[] | string | undefined> = {
    failed: (name) =>
      took?.migration.name === name ? waysOut(took, env) : `npm run migrate -- resolve --rolled-back ${name}${on}`,
    edited: (name, { isRestorable }) =>
      isRestorable
        ? restoreLine(name)
        : `git log --oneline -- prisma/migrations/${name}    (then give it back the text that was applied)`,
    // On DEV, too: it may be another one's work, and a reset takes it away.
    unknown: (name) => `git log --all --oneline -- prisma/migrations/${name}    (which branch has it?)`,
    'out of order': () => undefined,
    pending: () => `npm run migrate -- deploy${on}`,
    'rolled back': () => undefined,
  }
  const hasDrift = compared.differences.length + compared.renames.length > 0
  const failed = history.some(({ kind }) => kind === 'failed')
  const hasKind = (kind: HistoryNote['kind']) => history.some((note) => note.kind === kind)
  const all = [
    problem?.next,
    ...history
      .filter(({ kind }) => !(failed && kind === 'pending'))
      .flatMap((note) => ways[note.kind](note.migration, note)),
    env === 'dev' ? resetFor(hasKind, hasDrift) : undefined,
    hasDrift && env === 'prod'
      ? 'npm run migrate -- resolve --applied NAME --env prod    (when a migration NAME says what PROD has)'
      : undefined,
  ]
  return [...new Set(all.filter((line) => line !== undefined))]
}

export function restoreLine(migration: string): string {
  return `git restore prisma/migrations/${migration}    (git has the text that was applied)`
}

/** One command, and what it does here to what is on DEV. */
function resetFor(hasKind: (kind: HistoryNote['kind']) => boolean, hasDrift: boolean): string | undefined {
  if (hasKind('unknown'))
    return 'npm run db reset    (DEV as this folder says: what another branch has made there is gone)'
  if (hasKind('out of order')) return 'npm run db reset    (DEV runs them again, in the order of their names)'
  if (!hasDrift) return undefined
  return 'npm run db reset    (DEV as the migrations say; to keep the change, put it into a migration)'
}
