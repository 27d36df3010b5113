import type { Action, ColumnType } from '../sql/action.ts'
import type { HazardId } from './hazard-ids.ts'
import type { UniqueKeys } from '../sql/unique-keys.ts'

export type Lock = 'ROW EXCLUSIVE' | 'SHARE UPDATE EXCLUSIVE' | 'SHARE' | 'SHARE ROW EXCLUSIVE' | 'ACCESS EXCLUSIVE'

/** Something in a migration that loses values, cannot succeed, or makes others wait. */
export interface Hazard {
  id: HazardId
  /** Which check found it. */
  check: string
  /** The migration's name, and the line in its file. */
  migration: string
  line: number
  /** Undefined where it concerns the whole file. */
  endLine: number | undefined
  statement: string
  table: string | undefined
  words: string
  lock: Lock | undefined
  rewrite: boolean
  why: string
  /** The form that does the same without the hazard. */
  accepted: string
  level: 'refuse' | 'note'
}

/**
 * One check: what it looks for, in one action of a statement. What `loses` values or `fails` is refused; what `locks` is
 * refused on a big table only, and where it is not known how big it is, noted; what it only has to be known is a `note`.
 */
export interface HazardCheck {
  id: HazardId
  name: string
  kind: 'loses' | 'fails' | 'locks' | 'note'
  /** Says what the action does, or nothing where it is harmless. */
  finds(action: Action, seen: Seen): string | undefined
  why: string
  accepted: string
}

/** What is known at a statement: of the migrations before it, and of its own file. */
export interface Seen {
  tables: Map<string, SeenTable>
  /** Column by `table.column`, or all of a table by `table.*`: the tables that hold a copy of its values. */
  kept: Map<string, string>
  /** All actions of the file. */
  file: { actions: Action[] }
  /** The transaction that the statement runs in: alone, with all that is sent in one batch, or from BEGIN to COMMIT. */
  transaction: { actions: Action[]; statements: number; isExplicit: boolean }
  /** The actions of the same transaction before this one. */
  before: Action[]
  facts: HazardFacts
}

export interface SeenTable {
  /** Made by one of the migrations that are judged: it has no rows yet. */
  isNew: boolean
  columns: Map<string, SeenColumn>
  /** Sets of columns in which no two rows are equal. */
  keys: string[][]
  /** By name: `CHECK (column IS NOT NULL)`, or NOT NULL as a constraint, and whether all rows were checked. */
  required: Map<string, { column: string; isValid: boolean }>
  /** By the columns of a foreign key: for whose rows their values were made, also after the key is dropped. */
  targets: Map<string, { table: string; columns: string[] }>
}

export interface SeenColumn {
  type: ColumnType
  /** Added by one of the migrations that are judged, and nothing has written into it. */
  isEmpty: boolean
}

/** What a real database says, where one is asked. */
export interface HazardFacts {
  /** Undefined where it is not known. */
  rows?(table: string): number | undefined
  hasDuplicates?(table: string, keys: UniqueKeys): boolean | undefined
}
