import type { Catalog } from '../catalog/catalog.ts'
import { isVolatile } from '../hazards/locks.ts'
import type { Action, Constraint } from '../sql/action.ts'
import { counted } from '../terminal/numbers.ts'
import { tableSql } from '../sql/table-sql.ts'
import { columnKeys, describeKeys, equalRows, type UniqueKeys } from '../sql/unique-keys.ts'
import type { LiveNames } from './live-names.ts'

/** What an action asks of the rows that are there: the rows at which it fails can be counted. */
export interface Demand {
  table: string
  /** Empty where it is about an expression. */
  columns: readonly string[]
  /** Finds one number, `n`: of rows that fail. With `onError`, PostgreSQL's error is what fails. */
  sql: string
  words(n: number): string
  onError?(message: string): string
}

/** Tables and columns are called as they are in the database now; undefined where one is not there yet. */
export function demandsOf(action: Action, names: LiveNames, live: Catalog): Demand[] {
  switch (action.do) {
    case 'set not null':
      return required(action.table, [action.column], names)
    case 'add constraint':
      return action.constraint.notValid ? [] : demandsOfConstraint(action.table, action.constraint, names)
    case 'validate': {
      const constraint = names.notValid(action.table, action.name, live)
      return constraint ? demandsOfConstraint(action.table, constraint, names) : []
    }
    case 'create index':
      return action.keys ? unique(action.table, action.columns, action.keys, names) : []
    case 'set type':
      return newType(action, names)
    case 'add column':
      return newColumn(action, names)
    default:
      return []
  }
}

const rowsSay = (n: number, one: string, many: string) => (n === 1 ? `1 row ${one}` : `${n} rows ${many}`)
const countSql = (table: string, where: string) =>
  `SELECT count(*)::int AS n FROM ${tableSql(table)} AS t WHERE ${where}`
const sqlOf = (columns: readonly string[]) => columnKeys(columns).by

function newColumn({ table: now, column }: Action & { do: 'add column' }, names: LiveNames): Demand[] {
  const table = names.table(now)
  if (table === undefined) return []
  const { name, required: isRequired, default: value, filled, constraints } = column
  const about = { table, columns: [name] }
  // Somebody has made it by hand: what counts is what stands in it.
  if (names.column(now, name) !== undefined) return isRequired ? required(now, [name], names) : []
  if (isRequired && !value && !filled)
    return [
      {
        ...about,
        sql: countSql(table, 'true'),
        words: (n) => `${counted(n, 'row')} would have no value in the new, required column ${table}.${name}`,
      },
    ]
  const isUnique = constraints.some(({ kind }) => kind === 'unique' || kind === 'primary key')
  if (!isUnique || !value || isVolatile(value)) return []
  return [
    {
      ...about,
      sql: `SELECT CASE WHEN count(*) > 1 THEN count(*) ELSE 0 END::int AS n FROM ${tableSql(table)}`,
      words: (n) => `${n} rows would share the default of ${table}.${name}, which is unique`,
    },
  ]
}

function demandsOfConstraint(now: string, constraint: Constraint, names: LiveNames): Demand[] {
  const { kind, columns, usingIndex, required: one, nullsAreEqual } = constraint
  if (usingIndex) return []
  if (one !== undefined) return required(now, [one], names)
  if (kind === 'not null') return required(now, columns, names)
  if (kind === 'primary key')
    return [...required(now, columns, names), ...unique(now, columns, columnKeys(columns), names)]
  if (kind === 'unique') return unique(now, columns, columnKeys(columns, nullsAreEqual), names)
  if (kind === 'check') return check(now, constraint, names)
  return kind === 'foreign key' ? reference(now, constraint, names) : []
}

function required(now: string, columns: readonly string[], names: LiveNames): Demand[] {
  return columns.flatMap((name) => {
    const [table, column] = [names.table(now), names.column(now, name)]
    if (table === undefined || column === undefined) return []
    const words = (n: number) => rowsSay(n, `has no ${table}.${column}`, `have no ${table}.${column}`)
    return [
      {
        table,
        columns: [column],
        sql: countSql(table, `${sqlOf([column])} IS NULL`),
        words: (n) => `${words(n)}, which becomes required`,
      },
    ]
  })
}

function unique(now: string, own: readonly string[], keys: UniqueKeys, names: LiveNames): Demand[] {
  const table = names.table(now)
  const columns = own.flatMap((name) => names.column(now, name) ?? [])
  if (table === undefined || columns.length < own.length) return []
  const by = own.length > 0 && !keys.where ? { ...keys, by: sqlOf(columns) } : keys
  const what =
    own.length > 0 ? columns.map((name) => `${table}.${name}`).join(', ') : `${describeKeys(keys)} in ${table}`
  return [
    {
      table,
      columns,
      sql: `SELECT coalesce(sum(n), 0)::int AS n FROM (${equalRows(tableSql(table), by)}) AS twice`,
      words: (n) => `${n} rows share a value of ${what}, which becomes unique`,
    },
  ]
}

function check(now: string, { name, expression }: Constraint, names: LiveNames): Demand[] {
  const table = names.table(now)
  if (table === undefined || expression === undefined) return []
  const what = `the check ${name ? `${name} of ${table}` : `(${expression}) of ${table}`}`
  return [
    {
      table,
      columns: [],
      sql: countSql(table, `NOT (${expression})`),
      words: (n) => rowsSay(n, `does not pass ${what}`, `do not pass ${what}`),
    },
  ]
}

function reference(now: string, { columns: own, references = '', referenced }: Constraint, names: LiveNames): Demand[] {
  const [table, other] = [names.table(now), names.table(references)]
  const columns = own.flatMap((name) => names.column(now, name) ?? [])
  const others = referenced.length > 0 ? referenced : names.keyOf(references)
  if (table === undefined || columns.length < own.length) return []
  const mine = sqlOf(columns).map((column) => `t.${column}`)
  const filled = mine.map((column) => `${column} IS NOT NULL`).join(' AND ')
  const rows = (where: string, what: string): Demand[] => [
    { table, columns, sql: countSql(table, where), words: (n) => rowsSay(n, `has a ${what}`, `have a ${what}`) },
  ]
  const what = `${columns.map((name) => `${table}.${name}`).join(', ')} that is in no row of ${other ?? references}`
  // A table that is made first is empty, or filled in a way that nobody can count.
  if (other === undefined) return names.isEmpty(references) ? rows(filled, what) : []
  const theirs = sqlOf(others.flatMap((name) => names.column(references, name) ?? []))
  if (theirs.length !== mine.length) return []
  const same = theirs.map((column, i) => `o.${column} = ${mine[i]}`).join(' AND ')
  return rows(`${filled} AND NOT EXISTS (SELECT FROM ${tableSql(other)} AS o WHERE ${same})`, what)
}

function newType({ table: now, column: name, type, written }: Action & { do: 'set type' }, names: LiveNames): Demand[] {
  const [table, column] = [names.table(now), names.column(now, name)]
  if (table === undefined || column === undefined || !written) return []
  const [own] = sqlOf([column])
  const what = `${table}.${column}`
  const labels = names.labelsOf(type.name)
  const [size] = type.sizes
  const isShorter = ['varchar', 'bpchar'].includes(type.name) && size !== undefined && !written.using
  const where = labels
    ? `${own}::text <> ALL (ARRAY[${labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')}]::text[])`
    : isShorter
      ? `length(rtrim(${own}::text)) > ${size}`
      : undefined
  const words = (n: number) =>
    rowsSay(
      n,
      `has a ${what} that does not fit into ${written.type}`,
      `have a ${what} that do not fit into ${written.type}`,
    )
  if (where !== undefined) return [{ table, columns: [column], sql: countSql(table, where), words }]
  return [
    {
      table,
      columns: [column],
      sql: `SELECT 0 * count((${written.using ?? own})::${written.type})::int AS n FROM ${tableSql(table)}`,
      words,
      onError: (message) => `a value of ${what} cannot become ${written.type}: ${message}`,
    },
  ]
}
