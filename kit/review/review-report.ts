import type { Finding } from '../hazards/finding.ts'

export type ReviewMode = 'no-migrations' | 'reviewed'

/** A check that could not be made here. */
export interface NotChecked {
  what: string
  why: string
  next: string
}

export interface ReviewReport {
  mode: ReviewMode
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
