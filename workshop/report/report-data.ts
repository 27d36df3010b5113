import type { ProgressEvent } from '../coach/progress-line.ts'

/** How a statement is known: read from the thing itself, or only told by somebody. */
export type Proof = 'verified' | 'told'

/** What is known of one state of the exercise. Nothing here depends on when or where it was read, but for `at`. */
export interface Report {
  /** As the file is named, or as git names the author of the last commit. */
  who: string
  /** When the page was made, as in `2026-11-26 05:10 UTC`. */
  at: string
  /** Read on this computer itself, or from a file that somebody sent. */
  from: 'here' | 'export'
  /** What is wrong, the gravest first. */
  wrong: string[]
  steps: StepProof[]
  /** Where the learner is: the first step that is not done, and the first thing that is missing there. */
  stopped: { step: string; missing: string | undefined }
  values: ValueAccounts | Unread
  renames: RenameAccount[] | Unread
  migrations: MigrationAccount[] | Unread
  replays: Statement[]
  schemas: Statement[]
  hardCoded: HardCoded[]
  /** Whether ledger, history, copies and commits tell one story. */
  fits: Statement[]
  ledger: string[]
  /** Ids of PROD's history, which Prisma makes up: no two databases have the same. */
  historyIds: string[]
  commits: Commits
  told: Told
}

/** What could not be read, and why. */
export interface Unread {
  unread: string
}

/** One thing that was looked at. */
export interface Statement {
  what: string
  isGood: boolean
  words: string
}

export interface StepProof {
  /** As in `05`. */
  number: string
  title: string
  /**
   * `holds`: its checks pass now. `stands`: the work has gone on, and what the step made is there. `told`: it leaves
   * nothing behind, and progress.txt tells of it; `untold`: nobody does. `open`: not done, or undone.
   */
  state: 'holds' | 'stands' | 'told' | 'untold' | 'open'
  words: string
}

export interface ValueAccounts {
  cohorts: CohortAccount[]
  /** Recruits whom a copy or a seed knows, and PROD does not. */
  gone: string[]
  /** Each person who is there twice, in words. */
  twice: string | undefined
  /** Recruits of whom neither a copy nor a seed tells: nobody can say what they were. */
  unknown: number
  kept: number
  of: number
}

export interface CohortAccount {
  /** As in `C26`. */
  cohort: string
  recruits: number
  columns: ColumnAccount[]
}

/** What became of the values of one column for the recruits of one cohort. */
export interface ColumnAccount {
  /** As it was called when it was first seen. */
  column: string
  /** As it is called where it belongs now. */
  now: string
  tables: string[]
  kept: number
  of: number
  lost: { id: string; was: string; is: string | null }[]
}

/** A column that the exercise gives another name, or takes away. */
export interface RenameAccount {
  from: string
  /** Undefined for a column whose values leave the table. */
  to: string | undefined
  /** The learner is past the step that asks for it, or has begun with it. */
  isDue: boolean
  /** How the migrations do it, in words. */
  how: string
  /** What they do to rows that nobody can know beforehand. */
  onRows: Statement
  /** What became of the values in PROD. */
  inProd: Statement
}

export interface MigrationAccount {
  name: string
  sql: string
  hazards: string[]
  /** As in `DEV`, `PROD`. */
  appliedTo: string[]
  /** What the deploy to PROD left in the ledger. */
  deploy: string
  /** The commit that brought it, and when; what git says instead. */
  commit: string
}

export interface HardCoded {
  file: string
  line: number
  words: string
}

export interface Commits {
  own: { id: string; author: string; at: string; subject: string }[]
  /** Why there are none, or what is not committed. */
  notes: string[]
}

/** What the learner's own file tells. Anybody can edit it. */
export interface Told {
  events: readonly ProgressEvent[]
  unread: number
  predictions: { step: string; question: string; guess: string; outcome: string | undefined }[]
  hints: { step: string; count: number; deepest: string }[]
  /** Times at which a database left its migrations, and came back. */
  drifts: DriftPeriod[]
  deploys: { at: string; applied: boolean; words: string }[]
  hardest: HardPlace[]
  /** The clock went back somewhere: times are told in the order of the lines. */
  clockWentBack: boolean
}

export interface DriftPeriod {
  left: string
  /** Undefined where it never came back. */
  back: string | undefined
  step: string
  words: string
}

/** A place at which somebody took long, or failed often. */
export interface HardPlace {
  step: string
  minutes: number
  failures: number
  /** What was missing there most often. */
  missing: string
}

export function isUnread(value: object): value is Unread {
  return 'unread' in value
}
