import type { Catalog, CatalogObject, Column, ObjectKind, Table } from './catalog.ts'
import {
  addColumn,
  alterColumn,
  alterObject,
  createObject,
  createTable,
  dropColumn,
  dropObject,
  dropOrder,
  quoted,
} from './catalog-sql.ts'

/** One thing that a database has, lacks, or has otherwise than it should. */
export interface Difference {
  what: 'missing' | 'extra' | 'different'
  kind: 'table' | 'column' | ObjectKind
  table: string | null
  name: string
  /** A sentence without its end, as in `column recruits.chort is extra: text, may be NULL`. */
  words: string
  /** Makes the database what it should be. */
  sql: string[]
}

/** What `is` has more, less or otherwise than `should`. The order of columns is no difference. */
export function compareCatalogs(should: Catalog, is: Catalog): Difference[] {
  const tables = pairs(should.tables, is.tables, ({ name }) => name)
  const whole = new Set(tables.filter(([a, b]) => !a || !b).map(([a, b]) => (a ?? b)!.name))
  const objects = pairs(should.objects, is.objects, ({ kind, table, name }) => [kind, table, name].join('\0'))
  return [
    ...tables.flatMap(([a, b]) => (a && b ? compareColumns(a, b) : [wholeTable(a, b, should)])),
    // What belongs to a table that is missing or extra comes and goes with it.
    ...objects.filter(([a, b]) => !whole.has((a ?? b)!.table ?? '')).flatMap(([a, b]) => compareObjects(a, b)),
  ]
}

/** The SQL of all of them, in an order in which it runs. */
export function closingSql(differences: readonly Difference[]): string[] {
  return differences
    .map((difference, i) => ({ difference, rank: rankOf(difference), i }))
    .toSorted((a, b) => a.rank - b.rank || a.i - b.i)
    .flatMap(({ difference }) => difference.sql)
}

/** As in `text, required, default 'x'`. */
export function describeColumn({ type, nullable, default: value, generated }: Column): string {
  return [type, nullable ? 'may be NULL' : 'required', generated ?? '', value === null ? '' : `default ${value}`]
    .filter(Boolean)
    .join(', ')
}

export function isSameColumn(a: Column, b: Column): boolean {
  return a.type === b.type && a.nullable === b.nullable && a.default === b.default && a.generated === b.generated
}

function compareColumns(should: Table, is: Table): Difference[] {
  const table = is.name
  return pairs(should.columns, is.columns, ({ name }) => name).flatMap(([a, b]): Difference[] => {
    const { name } = (a ?? b)!
    const about = { kind: 'column', table, name } as const
    const label = `column ${table}.${name}`
    if (!b)
      return [
        { ...about, what: 'missing', words: `${label} is missing: ${describeColumn(a!)}`, sql: [addColumn(table, a!)] },
      ]
    if (!a)
      return [
        { ...about, what: 'extra', words: `${label} is extra: ${describeColumn(b)}`, sql: [dropColumn(table, b)] },
      ]
    if (isSameColumn(a, b)) return []
    const words = `${label} is ${describeColumn(b)}; it should be ${describeColumn(a)}`
    return [{ ...about, what: 'different', words, sql: alterColumn(table, b, a) }]
  })
}

function wholeTable(should: Table | undefined, is: Table | undefined, { objects }: Catalog): Difference {
  const { name, columns } = (should ?? is)!
  const about = { kind: 'table', table: name, name } as const
  const list = `${columns
    .map((column) => column.name)
    .slice(0, 6)
    .join(', ')}${columns.length > 6 ? ' …' : ''}`
  if (!should)
    return { ...about, what: 'extra', words: `table ${name} is extra: ${list}`, sql: [`DROP TABLE ${quoted(name)};`] }
  const own = objects
    .filter(({ table }) => table === name)
    .toSorted((a, b) => dropOrder.indexOf(b.kind) - dropOrder.indexOf(a.kind))
  return {
    ...about,
    what: 'missing',
    words: `table ${name} is missing: ${list}`,
    sql: [createTable(should), ...own.map(createObject)],
  }
}

function compareObjects(should: CatalogObject | undefined, is: CatalogObject | undefined): Difference[] {
  if (should && is && should.definition === is.definition) return []
  const { kind, table, name } = (should ?? is)!
  const about = { kind, table, name }
  const label = labelOf((should ?? is)!)
  if (!is)
    return [
      {
        ...about,
        what: 'missing',
        words: `${label} is missing: ${short(should!.definition)}`,
        sql: [createObject(should!)],
      },
    ]
  if (!should)
    return [{ ...about, what: 'extra', words: `${label} is extra: ${short(is.definition)}`, sql: [dropObject(is)] }]
  const words = `${label} is ${short(is.definition)}; it should be ${short(should.definition)}`
  return [{ ...about, what: 'different', words, sql: alterObject(is, should) }]
}

function labelOf({ kind, table, name }: CatalogObject): string {
  if (kind === 'comment') return `comment on ${table}${name ? `.${name}` : ''}`
  if (kind === 'row security') return `row security of ${table}`
  return `${kind} ${name}${table ? ` on ${table}` : ''}`
}

function short(definition: string): string {
  const line = definition.replace(/\s+/g, ' ').trim()
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

/** Objects that are taken away first, then columns and tables, then objects that are made. */
function rankOf({ what, kind }: Difference): number {
  const place = kind === 'table' || kind === 'column' ? -1 : dropOrder.indexOf(kind)
  const isType = ['enum', 'domain', 'sequence', 'function'].includes(kind)
  if (place < 0) return what === 'extra' ? 130 : 120
  if (what === 'extra') return isType ? 200 + place : place
  return isType ? 100 - place : 300 - place
}

function pairs<One>(
  should: readonly One[],
  is: readonly One[],
  keyOf: (one: One) => string,
): [One | undefined, One | undefined][] {
  const there = new Map(is.map((one) => [keyOf(one), one]))
  const wanted = new Set(should.map(keyOf))
  return [
    ...should.map((one): [One, One | undefined] => [one, there.get(keyOf(one))]),
    ...is.filter((one) => !wanted.has(keyOf(one))).map((one): [undefined, One] => [undefined, one]),
  ]
}
