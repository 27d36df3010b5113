import type { Catalog, Table } from './catalog.ts'
import { isPair, referencesOf } from './references.ts'
import { namePattern, sqlName } from './sql-name.ts'

/** A table that is missing and one that is extra, and look like one that was renamed. Only ever offered. */
export interface TableRename {
  /** The name that it has. */
  from: string
  /** The name that it should have. */
  to: string
  evidence: string[]
}

/**
 * Looks for renamed tables: those that share half of their columns or more, by name and type, the likest pairs first; and
 * the table of a relation between two lists, for which there is a model of its own now.
 */
export function findTableRenames(should: Catalog, is: Catalog): TableRename[] {
  const missing = should.tables.filter(({ name }) => is.tables.every((table) => table.name !== name))
  const extra = is.tables.filter(({ name }) => should.tables.every((table) => table.name !== name))
  const pairs = missing.flatMap((to) => extra.map((from) => ({ from, to, shared: sharedColumns(from, to) })))
  const likeness = ({ from, to, shared }: (typeof pairs)[number]) =>
    shared / Math.max(from.columns.length, to.columns.length)
  const renames: TableRename[] = []
  for (const pair of pairs.toSorted((a, b) => likeness(b) - likeness(a))) {
    const [from, to] = [pair.from.name, pair.to.name]
    if (pair.shared === 0 || likeness(pair) < 0.5) continue
    if (renames.some((one) => one.from === from || one.to === to)) continue
    const all = Math.max(pair.from.columns.length, pair.to.columns.length)
    renames.push({ from, to, evidence: [`${pair.shared} of ${all} columns are the same`] })
  }
  const isFree = ({ from, to }: TableRename) => !renames.some((one) => one.from === from || one.to === to)
  return [...renames, ...pairs.flatMap(({ from, to }) => ownModel(from.name, to.name, { should, is })).filter(isFree)]
}

/** A table of the columns A and B, and one that refers to the same two. */
function ownModel(from: string, to: string, { should, is }: { should: Catalog; is: Catalog }): TableRename[] {
  if (!from.startsWith('_')) return []
  const [pair, wanted] = [referencesOf(is, from), referencesOf(should, to)]
  const ends = pair.map((one) => one.to)
  const isSame =
    wanted
      .map((one) => one.to)
      .toSorted()
      .join() === ends.toSorted().join()
  if (!isPair(pair) || !isSame) return []
  return [{ from, to, evidence: [`both refer to ${ends.join(' and ')}`] }]
}

/** The catalog with the table, and all that belongs to it, under its new name. */
export function withTableRename({ tables, objects }: Catalog, from: string, to: string): Catalog {
  // `CREATE INDEX … ON public.recruits USING …`, `FOREIGN KEY (…) REFERENCES recruits(id)`.
  const uses = new RegExp(
    `(\\bON (?:ONLY )?(?:public\\.)?|\\bREFERENCES (?:public\\.)?)${namePattern(from)}(?=[ (])`,
    'g',
  )
  // A view names it wherever it likes: `JOIN companies c`, `companies.id`.
  const mentioned = new RegExp(`(?<![\\w"])${namePattern(from)}(?![\\w"])`, 'g')
  return {
    tables: tables.map((table) => (table.name === from ? { ...table, name: to } : table)),
    objects: objects.map((object) => ({
      ...object,
      table: object.table === from ? to : object.table,
      definition: object.kind.endsWith('view')
        ? object.definition.replace(mentioned, () => sqlName(to))
        : object.definition.replace(uses, (_, before: string) => before + sqlName(to)),
    })),
  }
}

function sharedColumns(a: Table, b: Table): number {
  return a.columns.filter(({ name, type }) => b.columns.some((column) => column.name === name && column.type === type))
    .length
}
