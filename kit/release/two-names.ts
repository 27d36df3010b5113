import type { Catalog } from '../catalog/catalog.ts'
import { dotted, isLabel, splitName } from '../catalog/dotted-name.ts'
import { otherNameOf } from './being-filled.ts'
import type { Answers, LiveDatabase } from './next-question.ts'

/** A column that is known under two names for a while, so that two versions of the application can run. */
export interface TwoNames {
  table: string
  from: string
  to: string
  /** Asked for in this release; else an earlier one has begun it. */
  isNew: boolean
  /** Rows that have a value under the old name alone. */
  rows: number
}

/** Renames that are to stop no version of the application: those that are asked for now, and those that were begun. */
export function twoNames(model: Catalog, { catalog, values }: LiveDatabase, asked: Answers['renames']): TwoNames[] {
  const count = (table: string, column: string) => values.get(dotted(table, column)) ?? 0
  const begun = catalog.tables.flatMap(({ name: table, columns }) => {
    const wanted = model.tables.find(({ name }) => name === table)?.columns ?? []
    const gone = columns.filter(({ name }) => wanted.every((one) => one.name !== name))
    return gone.flatMap(({ name: from }) => {
      const to = otherNameOf(catalog, table, from)
      return to === undefined ? [] : [{ table, from, to, isNew: false, rows: count(table, from) - count(table, to) }]
    })
  })
  const now = asked.map(({ from: name, to }) => {
    const [table, from] = splitName(name) as [string, string]
    return { table, from, to, isNew: true, rows: count(table, from) }
  })
  return [...now, ...begun]
}

/** Those that are renames of columns, and the others: a table or a value of an enum has one name at a time. */
export function isOfColumn({ from, to }: Answers['renames'][number]): boolean {
  return !isLabel(to) && splitName(from).length === 2
}
