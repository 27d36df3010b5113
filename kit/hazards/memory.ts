import type { HazardFacts, Seen, SeenTable } from './hazard.ts'
import type { Action, Constraint } from '../sql/action.ts'

export function nothingSeen(facts: HazardFacts): Seen {
  const transaction = { actions: [], statements: 0, isExplicit: false }
  return { tables: new Map(), kept: new Map(), file: { actions: [] }, transaction, before: [], facts }
}

/** Notes what an action leaves behind. `isPending` says that it has not run on any database that has rows. */
export function remember(action: Action, seen: Seen, isPending: boolean): void {
  seen.before.push(action)
  ;(lessons[action.do] as Lesson<Action['do']> | undefined)?.(action as never, seen, isPending)
}

type Lesson<Do extends Action['do']> = (action: Action & { do: Do }, seen: Seen, isPending: boolean) => void

const lessons: { [Do in Action['do']]?: Lesson<Do> } = {
  'create table'({ table, columns, keys, foreignKeys = [] }, seen, isPending) {
    const known = new Map(columns.map(({ name, type }) => [name, { type, isEmpty: isPending }]))
    // `IF NOT EXISTS` of a table that is known makes nothing.
    if (seen.tables.has(table)) return
    const made = { isNew: isPending, columns: known, keys, required: new Map(), targets: new Map() }
    seen.tables.set(table, made)
    for (const key of foreignKeys) rememberConstraint(made, key)
  },
  'add column'({ table, column }, seen, isPending) {
    const isEmpty = isPending && column.default === undefined && column.filled === undefined
    tableOf(seen, table).columns.set(column.name, { type: column.type, isEmpty })
    for (const constraint of column.constraints) rememberConstraint(tableOf(seen, table), constraint)
  },
  'drop column'({ table, column }, seen) {
    const known = tableOf(seen, table)
    known.columns.delete(column)
    known.keys = known.keys.filter((key) => !key.includes(column))
    forgetTargets(known, column)
    forget(seen, `${table}.${column}`)
  },
  'set type'({ table, column, type }, seen) {
    const known = tableOf(seen, table).columns.get(column)
    tableOf(seen, table).columns.set(column, { type, isEmpty: known?.isEmpty ?? false })
  },
  'add constraint': ({ table, constraint }, seen) => rememberConstraint(tableOf(seen, table), constraint),
  validate({ table, name }, seen) {
    const known = tableOf(seen, table).required.get(name)
    if (known) known.isValid = true
  },
  'drop constraint': ({ table, name }, seen) => void tableOf(seen, table).required.delete(name),
  'create index'({ table, columns, unique }, seen) {
    if (unique && columns.length > 0) tableOf(seen, table).keys.push(columns)
  },
  'look for duplicates': ({ table, columns }, seen) => void tableOf(seen, table).keys.push(columns),
  'rename column'({ table, from, to }, seen) {
    const { columns, keys, required, targets } = tableOf(seen, table)
    const known = columns.get(from)
    if (known) columns.set(to, known)
    columns.delete(from)
    for (const key of keys) if (key.includes(from)) key.splice(key.indexOf(from), 1, to)
    for (const check of required.values()) if (check.column === from) check.column = to
    for (const [key, target] of Array.from(targets)) {
      const names = key.split(',')
      if (!names.includes(from)) continue
      targets.delete(key)
      targets.set(names.map((name) => (name === from ? to : name)).join(), target)
    }
    for (const other of seen.tables.values())
      for (const target of other.targets.values())
        if (target.table === table) target.columns = target.columns.map((name) => (name === from ? to : name))
    const kept = seen.kept.get(`${table}.${from}`)
    if (kept) seen.kept.set(`${table}.${to}`, kept).delete(`${table}.${from}`)
  },
  'rename table': ({ table, to }, seen) => moveTable(seen, table, to),
  'move table': ({ table, to }, seen) => moveTable(seen, table, to),
  drop({ what, names }, seen) {
    if (what !== 'TABLE') return
    for (const name of names) {
      seen.tables.delete(name)
      forget(seen, name)
    }
  },
  truncate: ({ tables }, seen) => tables.forEach((table) => forget(seen, table)),
  delete: ({ table }, seen) => forget(seen, table),
  update({ table, sets }, seen) {
    for (const { to, from } of sets) {
      const known = tableOf(seen, table).columns.get(to)
      if (known) known.isEmpty = false
      // What is written anew may be made for another table.
      forgetTargets(tableOf(seen, table), to)
      if (from !== undefined && from !== to) seen.kept.set(`${table}.${from}`, `${table}.${to}`)
    }
  },
  insert({ table }, seen) {
    for (const column of seen.tables.get(table)?.columns.values() ?? []) column.isEmpty = false
  },
  'copy rows'({ from, into, columns }, seen) {
    if (from === into) return
    for (const column of columns === 'all' ? ['*'] : columns) seen.kept.set(`${from}.${column}`, into)
  },
}

function rememberConstraint(
  { keys, required, targets }: SeenTable,
  { kind, name, columns, notValid, references, ...one }: Constraint,
): void {
  if ((kind === 'unique' || kind === 'primary key') && columns.length > 0) keys.push(columns)
  if (kind === 'foreign key' && references !== undefined)
    targets.set(columns.join(), { table: references, columns: one.referenced })
  const column = kind === 'not null' ? columns[0] : one.required
  if (column !== undefined) required.set(name, { column, isValid: !notValid })
}

/** A table that no migration made (a baseline, another tool) is not new. */
function tableOf({ tables }: Seen, name: string): SeenTable {
  const known = tables.get(name) ?? {
    isNew: false,
    columns: new Map(),
    keys: [],
    required: new Map(),
    targets: new Map(),
  }
  tables.set(name, known)
  return known
}

function moveTable(seen: Seen, from: string, to: string): void {
  const known = seen.tables.get(from)
  if (known) seen.tables.set(to, known)
  seen.tables.delete(from)
  for (const { targets } of seen.tables.values())
    for (const target of targets.values()) if (target.table === from) target.table = to
  for (const [what, into] of Array.from(seen.kept)) {
    if (into === from) seen.kept.set(what, to)
    if (!what.startsWith(`${from}.`)) continue
    seen.kept.set(`${to}.${what.slice(from.length + 1)}`, into)
    seen.kept.delete(what)
  }
}

function forgetTargets({ targets }: SeenTable, column: string): void {
  for (const key of Array.from(targets.keys())) if (key.split(',').includes(column)) targets.delete(key)
}

/** What a table or a column kept for others is gone with it. */
function forget({ kept }: Seen, name: string): void {
  for (const [what, into] of kept) if (into === name || into.startsWith(`${name}.`)) kept.delete(what)
}
