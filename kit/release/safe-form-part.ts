import type { Catalog } from '../catalog/catalog.ts'
import type { Difference } from '../catalog/compare-catalogs.ts'
import { manyRows } from '../hazards/hazards.ts'
import type { Answers, LiveDatabase } from './next-question.ts'
import type { TwoNames } from './two-names.ts'

/**
 * In the order in which they run: what is new comes first, what goes is last. Big tables have steps of their own, so that
 * nobody waits long for a lock.
 */
export const phases = ['types', '', 'backfill', 'index', 'check', 'validate', 'require', 'drop'] as const

/** One statement of a release, and where it belongs. */
export interface Part {
  phase: (typeof phases)[number]
  /** Lower ones run first in their phase. */
  rank: number
  /** A comment, where there is no form that could be written here: what it says has to be done by hand. */
  sql: string
  /** Says why, in the file. */
  comment?: string
  /** For a later release: the rows of a big table have to be filled before. */
  isLater?: boolean
}

/** What a difference is seen in. */
export interface Surroundings {
  model: Catalog
  /** Under the names that it will have. */
  live: LiveDatabase
  answers: Answers
  /** Columns that have two names for a while. */
  both: readonly TwoNames[]
  /** Names in schema `archive`. Those that this release gives join them. */
  archives: Set<string>
}

export function asCompared({ sql, ranks }: Difference): Part[] {
  return sql.map((one, i) => ({ phase: '', rank: ranks[i]!, sql: one }))
}

export function isBig(table: string, { rows }: LiveDatabase): boolean {
  return (rows.get(table) ?? 0) >= manyRows
}

/** Whether its rows are filled in batches, between two releases, and not by one UPDATE of a migration. */
export function isFilledInBatches(table: string, { live, answers }: Pick<Surroundings, 'live' | 'answers'>): boolean {
  return isBig(table, live) && answers.isAtOnce !== true
}

export function inLaterRelease(parts: readonly Part[]): Part[] {
  return parts.map((part) => ({ ...part, isLater: true }))
}
