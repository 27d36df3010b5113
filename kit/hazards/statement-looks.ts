import type { Seen, SeenTable } from './hazard.ts'
import type { Action, ColumnType, Constraint, NewColumn } from '../sql/action.ts'
import type { UniqueKeys } from '../sql/unique-keys.ts'

// What the checks ask of an action and of what came before it.

/** A table that no database has rows of. */
export function isNew({ tables }: Seen, table: string): boolean {
  return tables.get(table)?.isNew ?? false
}

/** Holds values that were taken out of another table: then they are lost with it, however new it is. */
export function keepsValues({ kept }: Seen, table: string): boolean {
  return [...kept.values()].some((into) => into === table || into.startsWith(`${table}.`))
}

export function isKept({ kept }: Seen, table: string, column: string): boolean {
  return kept.has(`${table}.*`) || kept.has(`${table}.${column}`)
}

/** Whether all values of a table stand in another one: all at once, or column by column. */
export function isWholeKept(seen: Seen, table: string): boolean {
  const columns = [...(seen.tables.get(table)?.columns.keys() ?? [])]
  const isKey = (column: string) => seen.tables.get(table)!.keys.some((key) => key.includes(column))
  const others = columns.filter((column) => !isKey(column))
  return seen.kept.has(`${table}.*`) || (others.length > 0 && others.every((column) => isKept(seen, table, column)))
}

/** The column that is added to the same table in the same file, and could be the dropped one under a new name. */
export function newNameOf(
  { table, column }: { table: string; column: string },
  { file, tables }: Seen,
): string | undefined {
  const before = tables.get(table)?.columns.get(column)?.type
  const isAdded = (action: Action) =>
    action.do === 'add column' && action.table === table && isAlike(before, action.column.type) ? [action.column] : []
  return file.actions.flatMap(isAdded).find(({ name, filled }) => name !== column && !filled)?.name
}

/** Types between which values move without a change of meaning. */
export function isAlike(before: ColumnType | undefined, { name, isArray }: ColumnType): boolean {
  return !before || (before.isArray === isArray && family(before.name) === family(name))
}

function family(type: string): string {
  return families.find((names) => names.includes(type))?.[0] ?? type
}

const families = [
  ['text', 'varchar', 'bpchar', 'citext'],
  ['int4', 'int2', 'int8', 'serial', 'bigserial', 'smallserial'],
  ['numeric', 'float4', 'float8', 'money'],
  ['timestamp', 'timestamptz', 'date'],
  ['json', 'jsonb'],
]

/** Nobody has to look: a new table, a column that is empty, columns that hold a key, or a look that was taken. */
export function cannotBeTwice(
  seen: Seen,
  { table, columns, keys }: { table: string; columns: readonly string[]; keys: UniqueKeys },
): boolean {
  const known = seen.tables.get(table)
  if (known?.isNew) return true
  const isEmpty = columns.some((column) => known?.columns.get(column)?.isEmpty)
  const hasKey = columns.length > 0 && known?.keys.some((key) => key.every((column) => columns.includes(column)))
  return isEmpty || Boolean(hasKey) || seen.facts.hasDuplicates?.(table, keys) === false
}

/** The constraints that an action adds, with what they stand on. */
export function addedConstraints(action: Action): { table: string; constraint: Constraint; column?: NewColumn }[] {
  if (action.do === 'add constraint') return [action]
  if (action.do !== 'add column') return []
  const { table, column } = action
  return column.constraints.map((constraint) => ({ table, constraint, column }))
}

export function isChecked(known: SeenTable | undefined, column: string): boolean {
  return [...(known?.required.values() ?? [])].some((check) => check.column === column && check.isValid)
}

/** Takes a lock, to the end of the transaction, behind which readers or writers of a table with rows wait. */
export function stopsOthers(action: Action, seen: Seen): boolean {
  if (action.do === 'rename table' || action.do === 'move table') return !isNew(seen, action.to)
  if (action.do === 'drop') return action.what === 'TABLE'
  return ddl.has(action.do) && 'table' in action && !isNew(seen, action.table)
}

const ddl = new Set<Action['do']>([
  'add column',
  'drop column',
  'set not null',
  'set type',
  'add constraint',
  'drop constraint',
  'create index',
  'rename column',
])

export function isRows(action: Action): boolean {
  return ['update', 'delete', 'insert', 'copy rows', 'look for duplicates'].includes(action.do)
}

export function list(names: readonly string[]): string {
  return names.join(', ')
}
