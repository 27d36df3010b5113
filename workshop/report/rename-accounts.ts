import type { MigrationText } from '../../kit/sql/migration-text.ts'
import type { Action } from '../../kit/sql/action.ts'
import { actionsOf } from '../../kit/sql/actions.ts'
import { parseScript, SqlUnreadable } from '../../kit/sql/tree.ts'
import type { Trial } from '../course/trial.ts'
import type { Placement } from '../course/trial-judge.ts'
import type { RenameAccount, Statement, ValueAccounts } from './report-data.ts'

interface Asked {
  migrations: readonly MigrationText[]
  /** What the learner's migrations do to rows. */
  own: Trial
  /** Where the course puts each column in the end. */
  placement: Placement
  values: ValueAccounts | undefined
  /** Columns that the model still has at the last step that is done. */
  stillThere: ReadonlySet<string>
}

/** What became of each column that the exercise renames or takes away. `loadParser` comes first. */
export function accountRenames(asked: Asked): RenameAccount[] {
  const moved = [...asked.placement].filter(([column, to]) => column !== to)
  return moved.map(([from, to]) => {
    const how = howOf(from, to, asked.migrations)
    return {
      from,
      to,
      isDue: !asked.stillThere.has(from) || how !== nothingDone || isDoneInProd(from, asked.values),
      how,
      onRows: onRows(from, to, asked.own),
      inProd: inProd(from, to, asked.values),
    }
  })
}

const nothingDone = 'no migration does it'

/** By hand, where no migration does it. */
function isDoneInProd(from: string, values: ValueAccounts | undefined): boolean {
  const columns = (values?.cohorts ?? []).flatMap((cohort) => cohort.columns)
  return columns.some(({ column, now }) => column === from && now !== from)
}

/** Which statements of the migrations concern the column. */
function howOf(from: string, to: string | undefined, migrations: readonly MigrationText[]): string {
  const found = migrations.flatMap(({ name, sql }) =>
    actionsIn(sql).flatMap((action) => {
      const words = wordsOf(action, from, to)
      return words === undefined ? [] : [`${words} in ${name}`]
    }),
  )
  return found.length === 0 ? nothingDone : [...new Set(found)].join('; ')
}

function wordsOf(action: Action, from: string, to: string | undefined): string | undefined {
  if (!('table' in action) || action.table !== 'recruits') return undefined
  if (action.do === 'rename column' && action.from === from) return `RENAME COLUMN to ${action.to}`
  if (action.do === 'drop column' && action.column === from) return 'DROP COLUMN'
  if (action.do === 'add column' && action.column.name === to) return `ADD COLUMN ${to}`
  return undefined
}

function onRows(from: string, to: string | undefined, { before, after, elsewhere, columns, failed }: Trial): Statement {
  const what = 'on rows that no script can know'
  if (failed) return { what, isGood: false, words: `the migrations fail there: ${failed.message}` }
  const all = Object.entries(before).filter(([, row]) => row[from] != null)
  if (columns.includes(from)) return { what, isGood: false, words: `the column is still called ${from}` }
  const kept = all.filter(([id, row]) => {
    const is = after[id] ?? {}
    const holders = to === undefined ? [...Object.values(is), ...(elsewhere[id] ?? [])] : [is[to]]
    return holders.includes(row[from]!)
  })
  const isGood = all.length > 0 && kept.length === all.length
  const [, example] = all.find(([id]) => !kept.some(([one]) => one === id)) ?? []
  const instead = example && to !== undefined ? `; "${example[from]}" became ${held(example, to, before, after)}` : ''
  return { what, isGood, words: `${kept.length} of ${all.length} values kept${instead}` }
}

function held(row: Trial['before'][string], to: string, before: Trial['before'], after: Trial['after']): string {
  const id = Object.keys(before).find((one) => before[one] === row) ?? ''
  const is = after[id]?.[to]
  return is == null ? 'nothing' : `"${is}"`
}

function inProd(from: string, to: string | undefined, values: ValueAccounts | undefined): Statement {
  const what = 'in PROD'
  if (!values) return { what, isGood: false, words: 'PROD’s values could not be read' }
  const own = values.cohorts.flatMap(({ columns }) => columns.filter(({ column }) => column === from))
  const [kept, of] = [own.reduce((sum, one) => sum + one.kept, 0), own.reduce((sum, one) => sum + one.of, 0)]
  if (of === 0) return { what, isGood: true, words: 'no copy and no seed tells of a value' }
  if (own.some(({ now }) => now === from) && to !== undefined)
    return { what, isGood: kept === of, words: `still called ${from} there; ${kept} of ${of} values kept` }
  const places = [...new Set(own.flatMap(({ tables }) => tables))].toSorted()
  return { what, isGood: kept === of, words: `${kept} of ${of} values kept, in ${places.join(', ') || 'no table'}` }
}

function actionsIn(sql: string): Action[] {
  try {
    return parseScript(sql).flatMap(actionsOf)
  } catch (error) {
    if (error instanceof SqlUnreadable) return []
    throw error
  }
}
