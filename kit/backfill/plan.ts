import { dotted, splitHalves, splitName } from '../catalog/dotted-name.ts'
import { shellWord } from '../terminal/shell-word.ts'

/** What a backfill does: it gives `column` the value of `expression` in the rows that have none. */
export interface BackfillPlan {
  /** In schema public. */
  table: string
  column: string
  /** SQL, of the columns of the row. */
  expression: string
  /** SQL: of the rows without a value, only those for which it is true. A value that is there is never overwritten. */
  where?: string | undefined
  /** How much of the time it works, in percent: between two batches others get in. 50 without it. */
  share?: number | undefined
  /** Takes another expression than the one with which it was begun. Rows that have a value keep it. */
  isRestart?: boolean | undefined
}

/** `visits.note`, with quotes where they are needed. */
export function nameOf({ table, column }: Pick<BackfillPlan, 'table' | 'column'>): string {
  return dotted(table, column)
}

/** `npm run backfill visits.note "lower(page)" -- --env prod` */
export function commandOf({ table, column, expression, where }: BackfillPlan, env: string): string {
  const words = ['npm run backfill', shellWord(nameOf({ table, column })), shellWord(expression)]
  return [...words, '-- --env', env, ...(where === undefined ? [] : ['--where', shellWord(where)])].join(' ')
}

/** What requires a column of PROD, when it is filled. */
export function releaseAfter({ column }: Pick<BackfillPlan, 'column'>): string {
  const name = `require_${column.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`.replace(/_+$/, '')
  return `npm run release -- --env prod --name ${name}`
}

/** The table and the column of `visits.note`; undefined where one is missing. */
export function readName(name: string): Pick<BackfillPlan, 'table' | 'column'> | undefined {
  const [table, column] = splitName(name)
  return table && column ? { table, column } : undefined
}

/**
 * What a migration asks for, in a comment that its reviewers read: `-- backfill visits.note = lower(page)`. The deploy
 * does not do it: `npm run backfill` does, while everybody works.
 */
export function plansIn(sql: string): BackfillPlan[] {
  return [...sql.matchAll(/^-- backfill (.+)$/gm)].flatMap(([, words = '']) => {
    const [name, expression] = splitHalves(words)?.map((half) => half.trim()) ?? []
    const found = name === undefined ? undefined : readName(name)
    return found && expression ? [{ ...found, expression }] : []
  })
}

/** As `plansIn` reads it. */
export function noteOf({ table, column, expression }: BackfillPlan): string {
  return `-- backfill ${nameOf({ table, column })} = ${expression.replaceAll(/\s*\n\s*/g, ' ')}`
}
