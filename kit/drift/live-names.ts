import type { Catalog } from '../catalog/catalog.ts'
import type { Action, Constraint } from '../sql/action.ts'
import { statementsIn, type Tree } from '../sql/tree.ts'
import { actionsIn } from '../sql/actions.ts'

/** How tables and columns that pending scripts speak of are called in the database now. */
export interface LiveNames {
  /** Undefined for a table that is not there, or is made first. */
  table(now: string): string | undefined
  column(table: string, now: string): string | undefined
  /** Whether a script makes the table, and writes nothing into it. */
  isEmpty(table: string): boolean
  /** The columns of a table's primary key, as they are called now. */
  keyOf(table: string): string[]
  /** Of a constraint that was made without a look at the rows, by a script or before. */
  notValid(table: string, name: string, live: Catalog): Constraint | undefined
  /** The values of an enum that a script makes. */
  labelsOf(type: string): string[] | undefined
  /** Whether a script writes all rows of that column first or, without one, of the table; `some` rows only. */
  isMended(table: string, columns: readonly string[]): 'all' | 'some' | undefined
  /** Goes past an action. */
  note(action: Action): void
}

export function liveNames({ tables, objects }: Catalog, scripts: readonly string[]): LiveNames {
  // By the names that they have at this place of the scripts, those of now.
  const known = new Map(
    tables.map(({ name, columns }) => [name, { name, columns: new Map(columns.map((one) => [one.name, one.name])) }]),
  )
  const empty = new Set<string>()
  const later = new Map<string, Constraint>()
  const mended = new Map<string, 'all' | 'some'>()
  const labels = new Map(scripts.flatMap(enumsIn))
  const place = (table: string, column = '') => `${known.get(table)?.name ?? table}\0${column}`
  const mend = (table: string, column: string, how: 'all' | 'some') => {
    if (mended.get(place(table, column)) !== 'all') mended.set(place(table, column), how)
  }
  return {
    table: (now) => known.get(now)?.name,
    column: (table, now) => known.get(table)?.columns.get(now),
    isEmpty: (table) => empty.has(table),
    keyOf: (table) => {
      const key = objects.find((one) => one.kind === 'primary key' && one.table === known.get(table)?.name)
      const own = [...(known.get(table)?.columns.entries() ?? [])]
      const inKey = (column: string) => new RegExp(`[( "]${column}[,)"]`).test(key?.definition ?? '')
      return own.filter(([, column]) => inKey(column)).map(([now]) => now)
    },
    notValid(table, name, live) {
      const own = live.objects.find((one) => one.table === known.get(table)?.name && one.name === name)
      return later.get(`${table}\0${name}`) ?? (own && constraintOf(table, name, own.definition))
    },
    labelsOf: (type) => labels.get(type),
    isMended(table, columns) {
      const found = ['', ...columns].map((column) => mended.get(`${table}\0${column}`))
      return found.includes('all') ? 'all' : found.includes('some') ? 'some' : undefined
    },
    note(action) {
      const { do: what } = action
      if (what === 'create table' || what === 'move table') known.delete(action.table)
      if (what === 'create table') empty.add(action.table)
      if (what === 'insert') empty.delete(action.table)
      if (what === 'copy rows') empty.delete(action.into)
      if (what === 'rename table' && known.has(action.table)) {
        known.set(action.to, known.get(action.table)!)
        known.delete(action.table)
      }
      if (what === 'rename column') {
        const columns = known.get(action.table)?.columns
        const column = columns?.get(action.from)
        columns?.delete(action.from)
        if (column !== undefined) columns?.set(action.to, column)
      }
      if (what === 'add constraint' && action.constraint.notValid)
        later.set(`${action.table}\0${action.constraint.name}`, action.constraint)
      if (what === 'insert') mend(action.table, '', 'some')
      if (what === 'delete') mend(action.table, '', action.isWhole ? 'all' : 'some')
      if (what === 'update')
        for (const { to } of action.sets)
          mend(action.table, known.get(action.table)?.columns.get(to) ?? to, action.isWhole ? 'all' : 'some')
    },
  }
}

/** As a script would add it. */
function constraintOf(table: string, name: string, definition: string): Constraint | undefined {
  const valid = definition.replace(/ NOT VALID$/, '')
  if (valid === definition) return undefined
  const quoted = [table, name].map((one) => `"${one.replaceAll('"', '""')}"`)
  const [action] = actionsIn(`ALTER TABLE ${quoted[0]} ADD CONSTRAINT ${quoted[1]} ${valid}`)
  return action?.do === 'add constraint' ? action.constraint : undefined
}

function enumsIn(script: string): [string, string[]][] {
  return (statementsIn(script) ?? []).flatMap(({ tree }): [string, string[]][] => {
    const { typeName, vals } = tree.CreateEnumStmt ?? {}
    const words = (nodes: readonly unknown[] = []) => nodes.map((node) => (node as Tree).String?.sval ?? '')
    return typeName ? [[words(typeName).at(-1)!, words(vals)]] : []
  })
}
