import { mentions } from '../catalog/renames.ts'
import type { Action } from '../sql/action.ts'
import { actionsIn } from '../sql/actions.ts'
import type { MigrationText } from '../sql/migration-text.ts'

/**
 * Of an error about a name that is not there: the migration before, after which nothing is called so any more, in a sentence
 * with a space before it. Empty where none is known. `loadParser` comes first.
 */
export function whoTookIt(
  { code = '', message }: { code?: string; message: string },
  all: readonly MigrationText[],
  name: string,
): string {
  // Undefined column and undefined table: https://www.postgresql.org/docs/current/errcodes-appendix.html
  if (!['42703', '42P01'].includes(code)) return ''
  const earlier = all.slice(0, all.map((one) => one.name).indexOf(name)).toReversed()
  for (const before of earlier) {
    for (const action of actionsIn(before.sql).toReversed()) {
      const words = tookIt(action)
      if (words && mentions(message, words.name)) return ` ${before.name} ${words.did}.`
    }
  }
  return ''
}

function tookIt(action: Action): { name: string; did: string } | undefined {
  switch (action.do) {
    case 'rename column':
      return { name: action.from, did: `renames ${action.table}.${action.from} to ${action.to}` }
    case 'rename table':
      return { name: action.table, did: `renames ${action.table} to ${action.to}` }
    case 'drop column':
      return { name: action.column, did: `drops ${action.table}.${action.column}` }
    default:
      return undefined
  }
}
