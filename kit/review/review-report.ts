import type { HazardId } from '../hazards/hazard.ts'
import type { Lock } from '../hazards/locks.ts'

export type GuardMode = 'no-migrations' | 'reviewed'

/** Something that stands in the way of a branch, or that its reader should know. */
export interface Finding {
  id: HazardId | 'no-migrations'
  level: 'refuse' | 'note' | 'allowed'
  /** From the repository's top. */
  file: string
  /** From 1; undefined where the whole file is meant. */
  line?: number
  endLine?: number
  words: string
  why: string
  /** What to do instead, or to type. */
  next: string[]
  statement?: string
  lock?: Lock | undefined
  rewrite?: boolean
  /** Rules of squawk-cli that say the same of the same statement. */
  squawk?: string[]
  /** Of `-- guard-allow H10: reason`. */
  reason?: string
}

/** A check that could not be made here. */
export interface NotChecked {
  what: string
  why: string
  next: string
}

export interface GuardReport {
  mode: GuardMode
  base: string
  /** Names of the migrations that the branch adds. */
  added: string[]
  findings: Finding[]
  notChecked: NotChecked[]
  /** Checks that were made and found nothing, in words. */
  passed: string[]
  /** Of a branch with migrations where none may be: what it is told. */
  remark?: string
  isRejected: boolean
}
