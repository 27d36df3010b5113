import type { Lock } from './hazard.ts'
import type { HazardId } from './hazard-ids.ts'

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
  /** Of `-- review-allow H10: reason`. */
  reason?: string
}
