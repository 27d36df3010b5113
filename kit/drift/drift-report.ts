import type { Catalog } from '../catalog/catalog.ts'
import type { Difference } from '../catalog/compare-catalogs.ts'
import type { Rename } from '../catalog/renames.ts'

export type LayerName = 'schema' | 'migrations' | 'dev' | 'prod' | 'client'

/** One place in which the same tables stand: the models, what the migrations make, a database, the generated client. */
export interface Layer {
  name: LayerName
  /** Undefined when it cannot be read; `problem` says why. */
  catalog?: Catalog
  problem?: LayerProblem
}

export interface LayerProblem {
  message: string
  why: string
  next: string
  /** Nothing can be compared at all. */
  isOfAll?: boolean
}

/** Something about the migrations of one database. */
export interface HistoryNote {
  kind: 'pending' | 'failed' | 'rolled back' | 'edited' | 'unknown' | 'out of order'
  migration: string
  words: string
  /** Of one that was edited or taken away: git's index holds the text that was applied. */
  isRestorable?: boolean
  /** Of one that is not in the folder: the folder's own, not applied yet, that has the same text. */
  renamedTo?: string
  /** A file beside a copy of PROD that has the text that was applied. */
  keptAs?: string
  /**
   * Otherwise a commit that holds it, and the branch where that is; none, where it is behind this one. That branch may be
   * `isApart`, with nothing in common with this one; a commit that is `isLoose` is in no branch any more.
   */
  source?: { commit: string; branch?: string; isApart?: boolean; isLoose?: boolean }
  /** Of one that was edited, on DEV: PROD has the text of the folder, or has yet to run it. */
  givesWay?: boolean
}

/** Rows that stand in the way of what is pending. */
export interface Obstacle {
  table: string
  column: string
  words: string
}

/** Two neighbours: what the second has otherwise than the first says. */
export interface Link {
  from: LayerName
  to: LayerName
  differences: Difference[]
  /** Pairs among the differences that look like a renamed column. */
  renames: Rename[]
  history: HistoryNote[]
  obstacles: Obstacle[]
  /** SQL that makes the second what the first says; where a rename looks likely, as a rename. */
  sql: string[]
  /** Prisma's own command for this pair. */
  prisma?: string
  /** What to type next. */
  next: string[]
  isInSync: boolean
}

export interface DriftReport {
  layers: Layer[]
  links: Link[]
  /** `error` when a layer could not be read. */
  state: 'same' | 'differs' | 'error'
}
