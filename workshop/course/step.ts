/** One step of the exercise: what the learner does, what it changes, and how to see that it is done. */
export interface Step {
  title: string
  /** What the learner does, a line each. */
  todo: readonly string[]
  /** Paths that this step takes away. */
  removes?: readonly string[]
  /** What happens to each database at this step; the state at a step is what all steps up to it did, in order. */
  dev?: DatabaseChange
  prod?: DatabaseChange
  /** The step ends with everything as it was: its checks hold always, and nothing tells whether it was done. */
  leavesNothing?: true
  /** Comes after the course, for whoever wants more. The course is done without it, and main does not hold its state. */
  bonus?: true
  checks: readonly Check[]
}

/** What happens to one database, in the order of the fields. */
export interface DatabaseChange {
  /** Dev only: dropped and made again, with all migrations, before the rest. */
  reset?: true
  /** SQL that the learner types in psql: drift on purpose. */
  typed?: readonly string[]
  /** Applies what the folder holds by now. */
  deploy?: true
  /** Marks this step's new migrations as applied without running them (dev, where the rename was typed by hand). */
  resolve?: true
  /** Seeds that are run, in order: `c25` is seeds/c25.ts. */
  seeds?: readonly string[]
}

/** Something that has to be true when the step is done. Names and texts of migrations are never compared. */
export type Check = (
  | { kind: 'schema' | 'migrations' | 'trial' | 'maker' | 'whole' }
  | { kind: 'live' | 'history' | 'sound' | 'once'; on: 'dev' | 'prod' }
  | { kind: 'values'; on: 'prod' }
  | RecruitsCheck
  | KeptCheck
  | EachCheck
  | FileCheck
) & {
  /** True at other steps too, so it does not tell that this one has begun. It has to pass all the same. */
  always?: true
}

/** At least so many recruits are there; with `filled`, each of them has a value in that column. */
export interface RecruitsCheck {
  kind: 'recruits'
  on: 'dev' | 'prod'
  atLeast: number
  /** As in C26. Without a column `cohort`, everyone is of the C25. */
  cohort?: string
  filled?: string
}

/** Each recruit of these cohorts still has a value of this column, in `public` or in `archive`. */
export interface KeptCheck {
  kind: 'kept'
  on: 'dev' | 'prod'
  column: string
  cohorts: readonly string[]
}

/** A condition that holds for each row of a table. */
export interface EachCheck {
  kind: 'each'
  on: 'dev' | 'prod'
  table: string
  /** In words, as in `each review has the project of its submission`. */
  what: string
  /** SQL for one row of the table, which is called `t`. NULL counts as wrong. */
  holds: string
  /** SQL that makes it true again. */
  mend: string
}

/** The file is there; with `holds`, one of its lines is this one. */
export interface FileCheck {
  kind: 'file'
  path: string
  holds?: string
}
