import type { Catalog, Column } from './catalog.ts'
import { describeColumn } from './compare-catalogs.ts'
import { sameReference } from './references.ts'
import { namePattern, sqlName } from './sql-name.ts'

/** A column that is missing and one that is extra, and look like one that was renamed. Only ever offered. */
export interface Rename {
  /** The name that it has. */
  table: string
  /** It is the table itself. */
  isTable?: true
  /** The name that it should have. */
  from: string
  /** The name that it has. */
  to: string
  /** Why it looks so, a phrase each. */
  evidence: string[]
}

/**
 * Looks for renames between what should be there and what is. PostgreSQL keeps a column's number when it is renamed and
 * gives a new one to a column that is added, so with `isLive` (both grew by the same statements) the number tells.
 */
export function findRenames(should: Catalog, is: Catalog, { isLive }: { isLive: boolean }): Rename[] {
  const renames: Rename[] = []
  for (const table of should.tables) {
    const now = is.tables.find(({ name }) => name === table.name)
    if (!now) continue
    const missing = table.columns.filter(({ name }) => now.columns.every((column) => column.name !== name))
    const extra = now.columns.filter(({ name }) => table.columns.every((column) => column.name !== name))
    const guesses = missing.flatMap((from) =>
      extra.map((to) => ({
        from,
        to,
        ...weigh(from, to, {
          should,
          is,
          table: table.name,
          isLive,
          places: [table.columns.indexOf(from), now.columns.indexOf(to)],
        }),
      })),
    )
    for (const { from, to, evidence, weight } of guesses.toSorted((a, b) => b.weight - a.weight)) {
      const isTaken = renames.some((one) => one.table === table.name && (one.from === from.name || one.to === to.name))
      if (weight >= 2 && !isTaken) renames.push({ table: table.name, from: from.name, to: to.name, evidence })
    }
  }
  return renames
}

/** The catalog with these columns under the names that they have. */
export function withRenames(should: Catalog, renames: readonly Rename[]): Catalog {
  return renames.reduce(
    ({ tables, objects }, { table, from, to }) => ({
      tables: tables.map((one) =>
        one.name === table
          ? { ...one, columns: one.columns.map((column) => (column.name === from ? { ...column, name: to } : column)) }
          : one,
      ),
      objects: objects.map((object) => {
        if (object.kind === 'comment' && object.table === table && object.name === from) return { ...object, name: to }
        const isNear = object.table === table || object.table === null || object.definition.includes(table)
        if (!isNear || object.kind === 'comment') return object
        const renamed = object.kind.endsWith('view') ? inView : inUse
        return { ...object, definition: renamed(object.definition, from, to) }
      }),
    }),
    should,
  )
}

interface Surroundings {
  should: Catalog
  is: Catalog
  table: string
  isLive: boolean
  /** Places among the columns of both tables, from 0. */
  places: [number, number]
}

/** Two points or more make it a rename. Without the same type it is none. */
function weigh(
  from: Column,
  to: Column,
  { should, is, table, isLive, places }: Surroundings,
): { evidence: string[]; weight: number } {
  if (from.type !== to.type || from.generated !== to.generated) return { evidence: [], weight: 0 }
  const evidence = [`both are ${describeColumn(from) === describeColumn(to) ? describeColumn(to) : to.type}`]
  let weight = 0
  const add = (points: number, why: string) => {
    weight += points
    evidence.push(why)
  }
  if (isLive && from.position === to.position)
    add(2, `${to.name} has the column number of ${from.name}, ${to.position}: a column that is added gets a new one`)
  else if (places[0] === places[1]) add(1, `both are column ${places[0] + 1} of the table`)
  const keys = sameKeys(from.name, to.name, { should, is, table })
  if (keys.length > 0) add(1, `${keys.join(' and ')} moved along`)
  const reference = sameReference([should, is], table, [from.name, to.name])
  if (reference !== undefined) add(2, reference)
  const likeness = nameLikeness(from.name, to.name)
  if (likeness >= 0.75) add(2, 'the names are alike')
  else if (likeness >= 0.5) add(1, 'the names are alike in part')
  return { evidence, weight }
}

/** Kinds of keys and rules that are the same on both, but for the column's name. */
function sameKeys(
  from: string,
  to: string,
  { should, is, table }: Pick<Surroundings, 'should' | 'is' | 'table'>,
): string[] {
  const own = ({ objects }: Catalog, column: string) =>
    objects.filter(
      (object) => object.table === table && object.kind !== 'comment' && mentions(object.definition, column),
    )
  const nameless = (definition: string) => definition.replace(/^(CREATE (?:UNIQUE )?INDEX) \S+ ON/, '$1 ON')
  const renamed = own(should, from).map(({ kind, definition }) => `${kind} ${nameless(inUse(definition, from, to))}`)
  const found = own(is, to).filter(({ kind, definition }) =>
    renamed.includes(`${kind} ${nameless(inUse(definition, to, to))}`),
  )
  return [...new Set(found.map(({ kind }) => `its ${kind}`))]
}

export function mentions(definition: string, column: string): boolean {
  return new RegExp(`(?<![\\w"])${namePattern(column)}(?![\\w"])`).test(definition)
}

/** The definition with the column's new name. An index keeps its own name, which may hold the old one. */
function inUse(definition: string, from: string, to: string): string {
  return definition.replace(new RegExp(`(?<![\\w"])${namePattern(from)}(?![\\w"])`, 'g'), () => sqlName(to))
}

/** A view goes on showing it under its old name: `r.group_id AS cohort_id`. While both are the same, PostgreSQL writes it once. */
function inView(definition: string, from: string, to: string): string {
  const item = new RegExp(`^\\s*(?:SELECT )?(?:\\w+\\.|"[^"]+"\\.)?${namePattern(from)}(?=,?$)`)
  const lines = definition.split('\n').map((line) => {
    const [shown] = item.exec(line) ?? []
    if (shown === undefined) return inUse(line, from, to)
    return `${inUse(shown, from, to)} AS ${sqlName(from)}${line.slice(shown.length)}`
  })
  return lines.join('\n')
}

/** Length of the longest run of letters that both have, as a part of the shorter name: 1 when one holds the other. */
export function nameLikeness(a: string, b: string): number {
  const [short, long] = [a, b]
    .map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
    .toSorted((x, y) => x.length - y.length) as [string, string]
  for (let length = short.length; length >= 3; length--) {
    for (let at = 0; at + length <= short.length; at++) {
      if (long.includes(short.slice(at, at + length))) return length / short.length
    }
  }
  return 0
}
