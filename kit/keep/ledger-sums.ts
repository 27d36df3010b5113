import { grouped } from '../terminal/numbers.ts'

/** What an entry says of a column, whatever its numbers are. */
export interface ColumnSum {
  /** With its schema: `public.recruits`. */
  table: string
  column: string
  /** As PostgreSQL writes it. */
  type: string
  /** Its place in the key of the table, from 1; null for a column that is no part of it. */
  keyPart: number | null
  rows: number
  /** How many of the rows have a value here. */
  values: number
  /** The sum of one hash a value, seeded with the key of its row; a whole number of any size. */
  fingerprint: string
}

/** Columns by the two numbers that survive every rename: thousands of tables have many of them. */
export function byNumber<Column extends { tableOid: number; attnum: number }>(
  columns: readonly Column[],
): { find(one: { tableOid: number; attnum: number }): Column | undefined } {
  const all = new Map(columns.map((column) => [`${column.tableOid}.${column.attnum}`, column]))
  return { find: ({ tableOid, attnum }) => all.get(`${tableOid}.${attnum}`) }
}

/** By the table's name, in the order of the first of each. */
export function byTable<Column extends { table: string }>(columns: readonly Column[]): Map<string, Column[]> {
  const all = new Map<string, Column[]>()
  for (const column of columns) {
    const own = all.get(column.table)
    if (own) own.push(column)
    else all.set(column.table, [column])
  }
  return all
}

/** A label of an enum, and its number. */
interface Label {
  oid: number
  type: string
  label: string
}

/**
 * What columns of the same type hold otherwise. The mark of a value has its row's key in it, and the label of an enum, and
 * each part of a composite value: where one of these is another one, the sums are others too, and say nothing about the values.
 */
export function otherSums(
  stayed: readonly { was: ColumnSum; is: ColumnSum }[],
  relabelled: readonly { type: string }[],
  hasGrown: boolean,
): string[] {
  // Only a type of somebody's own has its schema in its name, and a composite one may be a part of it.
  const readsOtherwise = (column: ColumnSum) =>
    relabelled.some(({ type }) => [type, `${type}[]`].includes(column.type)) || (hasGrown && column.type.includes('.'))

  const differ = stayed.filter(
    ({ was, is }) =>
      was.rows === is.rows && was.type === is.type && was.fingerprint !== is.fingerprint && !readsOtherwise(is),
  )
  return [...new Set(differ.map(({ is }) => is.table))].flatMap((table) => {
    const own = differ.filter(({ is }) => is.table === table)
    const [had, has] = (['was', 'is'] as const).map((side) =>
      stayed.filter((one) => one.is.table === table && one[side].keyPart !== null).map((one) => full(one.is)),
    )
    if (had!.join() !== has!.join()) {
      const [old, key] = [had, has].map((names) => names!.join(', ') || 'none')
      return [`${nameOf(table)} has another key, ${key}, and had ${old}: its sums say nothing of its values`]
    }
    const overwritten = own.filter(({ is }) => is.keyPart !== null)
    return (overwritten.length > 0 ? overwritten : own).map(
      ({ was, is }) =>
        `${full(is)} has ${grouped(is.values)} values, and had ${grouped(was.values)}; some differ${is.keyPart === null ? '' : ', and it is the key of the others'}`,
    )
  })
}

export interface RenamedLabel {
  type: string
  from: string
  to: string
}

/** Labels of enums that are called otherwise. */
export function labelChanges(before: readonly Label[], after: readonly Label[]): RenamedLabel[] {
  return before.flatMap(({ oid, type, label }) => {
    const to = after.find((one) => one.oid === oid)?.label ?? label
    return to === label ? [] : [{ type, from: label, to }]
  })
}

/** `recruits` for `public.recruits`; other schemas stay in the name. */
export function nameOf(table: string): string {
  return table.replace(/^public\./, '')
}

export function full({ table, column }: { table: string; column: string }): string {
  return `${nameOf(table)}.${column}`
}
