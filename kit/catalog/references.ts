import type { Catalog } from './catalog.ts'

/** A column that refers to a row of another table, or of its own. */
export interface Reference {
  column: string
  /** The table, as the definition of the foreign key writes it. */
  to: string
}

/** The foreign keys of a table that stand on one column, in the order of its columns. */
export function referencesOf({ tables, objects }: Catalog, table: string): Reference[] {
  const columns = tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []
  const found = objects
    .filter((one) => one.kind === 'foreign key' && one.table === table)
    .flatMap(({ definition }): Reference[] => {
      const [, own, to] = /^FOREIGN KEY \(("(?:[^"]|"")+"|[^",]+)\) REFERENCES (.+?)\(/.exec(definition) ?? []
      return own === undefined ? [] : [{ column: own.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'), to: to! }]
    })
  return found.toSorted((a, b) => columns.indexOf(a.column) - columns.indexOf(b.column))
}

/**
 * Why two columns may be one, by what they refer to: each is the only one of its table that refers there or, of two, the
 * one in the same place.
 */
export function sameReference(
  [should, is]: readonly [Catalog, Catalog],
  table: string,
  [from, to]: readonly [string, string],
): string | undefined {
  const [wanted, found] = [referencesOf(should, table), referencesOf(is, table)]
  const [a, b] = [wanted.find(({ column }) => column === from), found.find(({ column }) => column === to)]
  if (!a || !b || a.to !== b.to) return undefined
  const place = (all: readonly Reference[], one: Reference) => all.filter((other) => other.to === one.to).indexOf(one)
  const count = (all: readonly Reference[]) => all.filter((other) => other.to === a.to).length
  if (count(wanted) !== count(found) || place(wanted, a) !== place(found, b)) return undefined
  if (count(found) === 1) return `both refer to ${a.to}, and no other column does`
  return `both are number ${place(found, b) + 1} of the columns that refer to ${a.to}${isPair(found) ? ': Prisma made A of the relation field that comes first in the alphabet' : ''}`
}

/** The columns of a table that Prisma makes for a relation between two lists. */
export function isPair(references: readonly Reference[]): boolean {
  return references.map(({ column }) => column).join() === 'A,B'
}
