import { objectKinds, type Catalog, type CatalogObject, type Column, type ObjectKind, type Table } from './catalog.ts'
import {
  addColumn,
  alterColumn,
  alterObject,
  createObject,
  createTable,
  dropColumn,
  dropObject,
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
  /** For each statement, when it runs among those of other differences: the lowest first. */
  ranks: number[]
}

/**
 * What `is` has more, less or otherwise than `should`. The order of columns is no difference, and an extension that is
 * there besides, to watch a server perhaps, is none.
 */
export function compareCatalogs(should: Catalog, is: Catalog): Difference[] {
  const tables = pairs(should.tables, is.tables, ({ name }) => name)
  const whole = new Set(tables.filter(([a, b]) => !a || !b).map(([a, b]) => (a ?? b)!.name))
  const objects = pairs(should.objects, is.objects, ({ kind, table, name }) => [kind, table, name].join('\0'))
  return [
    ...tables.flatMap(([a, b]) => (a && b ? compareColumns(a, b) : [wholeTable(a, b, should)])),
    // What belongs to a table that is missing or extra comes and goes with it.
    ...objects
      .filter(([a, b]) => a || b!.kind !== 'extension')
      .filter(([a, b]) => !whole.has((a ?? b)!.table ?? ''))
      .flatMap(([a, b]) => compareObjects(a, b)),
  ]
}

/** The SQL of all of them, in an order in which it runs. */
export function closingSql(differences: readonly Difference[]): string[] {
  const statements = differences.flatMap((difference) =>
    difference.sql.map((sql, i) => ({ sql, rank: difference.ranks[i]! })),
  )
  return statements.toSorted((a, b) => a.rank - b.rank).map(({ sql }) => sql)
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
    if (a && b && isSameColumn(a, b)) return []
    if (!b) return [missing(about, label, describeColumn(a!), [[ranks.addColumn, addColumn(table, a!)]])]
    if (!a) return [extra(about, label, describeColumn(b), [[ranks.dropColumn, dropColumn(table, b)]])]
    const statements = alterColumn(table, b, a).map((sql): Ranked => [ranks.change, sql])
    return [different(about, label, [describeColumn(b), describeColumn(a)], statements)]
  })
}

function wholeTable(should: Table | undefined, is: Table | undefined, { objects }: Catalog): Difference {
  const { name, columns } = (should ?? is)!
  const about = { kind: 'table', table: name, name } as const
  const names = columns.map((column) => column.name)
  const list = `${names.slice(0, 6).join(', ')}${names.length > 6 ? ' …' : ''}`
  if (!should) return extra(about, `table ${name}`, list, [[ranks.dropTable, `DROP TABLE ${quoted(name)};`]])
  const own = objects.filter(({ table }) => table === name)
  return missing(about, `table ${name}`, list, [
    [ranks.createTable, createTable(should)],
    ...own.map((object): Ranked => [ranks.create(object.kind), createObject(object)]),
  ])
}

function compareObjects(should: CatalogObject | undefined, is: CatalogObject | undefined): Difference[] {
  if (should && is && should.definition === is.definition) return []
  const { kind, table, name } = (should ?? is)!
  const about = { kind, table, name }
  const label = labelOf((should ?? is)!)
  const drop = is && ([ranks.drop(kind), dropObject(is)] as const)
  const create = should && ([ranks.create(kind), createObject(should)] as const)
  if (!drop) return [missing(about, label, short(should!.definition), [create!])]
  if (!create) return [extra(about, label, short(is.definition), [drop])]
  const changes = alterObject(is, should)?.map((sql): Ranked => [ranks.create(kind), sql])
  return [different(about, label, shortened(is.definition, should.definition), changes ?? [drop, create])]
}

type About = Pick<Difference, 'kind' | 'table' | 'name'>
/** When it runs, and what. */
type Ranked = readonly [rank: number, sql: string]

function missing(about: About, label: string, what: string, statements: readonly Ranked[]): Difference {
  return { ...about, what: 'missing', words: `${label} is missing${what && ': '}${what}`, ...inOrder(statements) }
}

function extra(about: About, label: string, what: string, statements: readonly Ranked[]): Difference {
  return { ...about, what: 'extra', words: `${label} is extra: ${what}`, ...inOrder(statements) }
}

function different(
  about: About,
  label: string,
  [is, should]: [string, string],
  statements: readonly Ranked[],
): Difference {
  return { ...about, what: 'different', words: `${label} is ${is}; it should be ${should}`, ...inOrder(statements) }
}

function inOrder(statements: readonly Ranked[]): Pick<Difference, 'sql' | 'ranks'> {
  const sorted = statements.toSorted(([a], [b]) => a - b)
  return { sql: sorted.map(([, sql]) => sql), ranks: sorted.map(([rank]) => rank) }
}

function labelOf({ kind, table, name }: CatalogObject): string {
  if (kind === 'comment') return `comment on ${table}${name ? `.${name}` : ''}`
  if (kind === 'row security') return `row security of ${table}`
  return `${kind} ${name}${table ? ` on ${table}` : ''}`
}

const longest = 100

function short(definition: string): string {
  const line = definition.replace(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** Two definitions that differ: where both are long, from shortly before the place at which they do. */
function shortened(is: string, should: string): [string, string] {
  const [a, b] = [is, should].map((text) => text.replace(/\s+/g, ' ').trim()) as [string, string]
  const at = [...a].findIndex((letter, i) => letter !== b[i])
  if (Math.max(a.length, b.length) <= longest || at < longest / 2) return [short(a), short(b)]
  return [`…${short(a.slice(at - 20))}`, `…${short(b.slice(at - 20))}`]
}

/** Objects go first, then tables and columns change, then objects come: types before the columns that use them. */
const ranks = {
  drop: (kind: ObjectKind) => (isForColumns(kind) ? 400 : 0) + objectKinds.indexOf(kind),
  create: (kind: ObjectKind) => (isForColumns(kind) ? 100 : 300) - objectKinds.indexOf(kind),
  change: 120,
  dropTable: 130,
  createTable: 140,
  addColumn: 150,
  dropColumn: 160,
}

function isForColumns(kind: ObjectKind): boolean {
  return ['extension', 'enum', 'domain', 'sequence', 'function'].includes(kind)
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
