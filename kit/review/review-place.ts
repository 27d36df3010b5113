import type { Target } from '../database/target.ts'

export interface ReviewPlace {
  /** The project's folder, inside a git repository. */
  root: string
  /** DEV, on whose server a scratch database may be made. May throw a Problem. Undefined where there is none. */
  dev: (() => Target) | undefined
  /** How migrations come about at release: a command, or a sentence. */
  release: string
  random(): number
  now(): Date
}

export interface ReviewOptions {
  base?: string | undefined
  mode?: string | undefined
  /** The migrations' folder, from the project's. */
  migrations?: string | undefined
  /** The branch ends with what is staged. */
  staged?: boolean
  /** Nothing but git and the texts: no database, and no other program. */
  filesOnly?: boolean
  /** A database that is looked at too; its rows say what a hazard costs. */
  database?: Target | undefined
}
