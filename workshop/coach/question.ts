import type { EventKind } from './progress-line.ts'

/** The questions of one step, in the order in which its section of WALKTHROUGH.md asks them. Words stand there, data here. */
export type Questions = readonly QuestionData[]

export interface QuestionData {
  /** As in `query`; with the step's number, `08-query`, it names the question everywhere. */
  name: string
  /** What has to be true before anybody can say what happened: the learner has typed the command. */
  when: readonly Probe[]
  /** By their letters in the walkthrough. */
  choices: Readonly<Record<string, ChoiceData>>
}

export interface ChoiceData {
  /** What databases and files look like where this is what happened. A choice without it can never be seen. */
  seen?: readonly Probe[]
  /** Of one that is wrong on the course's way: why people think so, in one sentence. */
  why?: string
}

type On = { on: 'dev' | 'prod' }

/** Something that databases and files tell, now. */
export type Probe =
  | ({ kind: 'table'; table: string; is: 'there' | 'missing' } & On)
  | ({ kind: 'column'; column: string; is: 'there' | 'missing' | 'required' | 'optional' } & On)
  | RowsProbe
  /** A query through the model: each column of the model is asked for by its name. */
  | ({ kind: 'query'; is: 'works' | 'fails' } & On)
  | HistoryProbe
  /** Whether the database is what its migrations made. */
  | ({ kind: 'drift'; is: 'there' | 'missing' } & On)
  | ({ kind: 'guard'; is: 'whole' } & On)
  | { kind: 'file'; path: string; holds?: string; is: 'there' | 'missing' }
  /** Whether a migration of the folder has this text, whatever its name is. */
  | { kind: 'script'; holds: string; is: 'there' | 'missing' }
  /** What Prisma finds between the migrations of the step before and the learner's model, in Prisma's words. */
  | { kind: 'difference'; says: string }
  /** A command noted it, at this step: it says when, and never what. */
  | { kind: 'noted'; event: EventKind; what: string; on?: 'dev' | 'prod' }
  /** One of these lists holds. */
  | { kind: 'either'; of: readonly (readonly Probe[])[] }

/** So many rows of a table, `recruits` where none is named. */
export interface RowsProbe extends On {
  kind: 'rows'
  table?: string
  atLeast?: number
  atMost?: number
  /** As in C26. */
  cohort?: string
  /** Only rows with a value there, or only those without. */
  with?: string
  without?: string
}

/** Migrations of which Prisma has noted this; `pending` ones it has not. */
export interface HistoryProbe extends On {
  kind: 'history'
  is: 'applied' | 'pending' | 'failed' | 'rolled back' | 'out of order'
  /** Only those whose text has this word: the learner's names are their own. */
  about?: string
  atLeast?: number
  atMost?: number
}
