import type { Action, ColumnType, NewColumn } from '../sql/action.ts'
import type { Lock, Seen } from './hazard.ts'
import { stringsOf } from '../sql/names.ts'
import type { Tree } from '../sql/tree.ts'

/** The lock that an action holds on its table to the end of the transaction, and whether it writes the table anew. */
export function lockOf(action: Action, seen: Pick<Seen, 'tables'>): { lock: Lock | undefined; rewrite: boolean } {
  const lock = locks[action.do] as Lock | ((action: Action) => Lock) | undefined
  return { lock: typeof lock === 'function' ? lock(action) : lock, rewrite: rewrites(action, seen) }
}

/** What a lock means for the others, until the migration has ended. */
export const lockWords: Record<Lock, string> = {
  'ACCESS EXCLUSIVE': 'nobody reads or writes the table meanwhile',
  'SHARE ROW EXCLUSIVE': 'others read the table meanwhile, and nobody writes',
  SHARE: 'others read the table meanwhile, and nobody writes',
  'SHARE UPDATE EXCLUSIVE': 'others read and write meanwhile',
  'ROW EXCLUSIVE': 'others read, and write other rows, meanwhile',
}

type LocksOf = { [Do in Action['do']]?: Lock | ((action: Action & { do: Do }) => Lock) }

const locks: LocksOf = {
  'add column': 'ACCESS EXCLUSIVE',
  'drop column': 'ACCESS EXCLUSIVE',
  'set not null': 'ACCESS EXCLUSIVE',
  'set type': 'ACCESS EXCLUSIVE',
  'add constraint': ({ constraint }) =>
    constraint.kind === 'foreign key' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE',
  validate: 'SHARE UPDATE EXCLUSIVE',
  'drop constraint': 'ACCESS EXCLUSIVE',
  'create index': ({ concurrent }) => (concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE'),
  'rename column': 'ACCESS EXCLUSIVE',
  'rename table': 'ACCESS EXCLUSIVE',
  'move table': 'ACCESS EXCLUSIVE',
  drop: 'ACCESS EXCLUSIVE',
  truncate: 'ACCESS EXCLUSIVE',
  update: 'ROW EXCLUSIVE',
  delete: 'ROW EXCLUSIVE',
  insert: 'ROW EXCLUSIVE',
}

function rewrites(action: Action, { tables }: Pick<Seen, 'tables'>): boolean {
  if (action.do === 'add column') return isFilledPerRow(action.column)
  if (action.do !== 'set type') return false
  const before = tables.get(action.table)?.columns.get(action.column)?.type
  return action.isConverted || !isSafeWidening(before, action.type)
}

export function isFilledPerRow({ filled, default: value }: NewColumn): boolean {
  if (filled !== undefined) return filled !== 'virtual'
  return value !== undefined && isVolatile(value)
}

/** A function that is not known to be steady counts as one that gives each row another value. */
export function isVolatile(expression: Tree): boolean {
  const name = stringsOf(expression.FuncCall?.funcname).at(-1)
  if (name !== undefined && !steady.has(name.toLowerCase())) return true
  return Object.values(expression).some((part) => holdsVolatile(part))
}

function holdsVolatile(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(holdsVolatile)
  if (typeof part !== 'object' || part === null) return false
  return 'FuncCall' in part ? isVolatile(part as Tree) : Object.values(part).some(holdsVolatile)
}

/** Functions of PostgreSQL that give one value to all rows of a statement. */
const steady = new Set(
  (
    'now transaction_timestamp statement_timestamp current_setting current_database current_schema session_user version ' +
    'lower upper initcap concat concat_ws format md5 sha256 length trim btrim ltrim rtrim replace repeat substring substr left right ' +
    'coalesce abs round floor ceil power sqrt mod date_trunc date_part extract age timezone make_date make_time make_timestamp ' +
    'make_timestamptz make_interval to_date to_timestamp to_char to_number to_json to_jsonb json_build_object json_build_array ' +
    'jsonb_build_object jsonb_build_array jsonb_object array_to_json string_to_array array_append point box inet_client_addr'
  ).split(' '),
)

/** Whether PostgreSQL changes the type in its catalog alone. With an unknown type before, it has to be asked. */
export function isSafeWidening(before: ColumnType | undefined, after: ColumnType): boolean {
  if (!before || before.isArray !== after.isArray) return false
  const [[from = Infinity, fromScale = 0], [to = Infinity, toScale = 0]] = [before.sizes, after.sizes]
  if (before.name === after.name) {
    if (after.sizes.length === 0) return before.name !== 'bpchar' || before.sizes.length === 0
    if (before.name === 'numeric') return before.sizes.length > 0 && to >= from && toScale === fromScale
    return grows.has(after.name) && to >= from
  }
  return widenings.some(([one, other]) => one === before.name && other === after.name) && to >= from
}

/** Types whose limit can grow in place. */
const grows = new Set(['varchar', 'varbit', 'timestamp', 'timestamptz', 'time', 'timetz', 'interval'])
/** Pairs that are the same bytes on disk. */
const widenings: readonly (readonly [string, string])[] = [
  ['varchar', 'text'],
  ['text', 'varchar'],
  ['cidr', 'inet'],
  ['xml', 'text'],
  // Their indexes are built anew, and the rows stay as they are.
  ['text', 'citext'],
  ['varchar', 'citext'],
  ['citext', 'text'],
  ['citext', 'varchar'],
]
