import { grouped } from '../terminal/numbers.ts'

/** What an entry says of a column, as far as sums are compared. */
interface Sum {
  table: string
  column: string
  type: string
  keyPart: number | null
  rows: number
  values: number
  fingerprint: string
}

/** A label of an enum, and its number. */
interface Label {
  oid: number
  type: string
  label: string
}

/**
 * What columns of the same type hold otherwise. The mark of a value has its row's key in it, and the label of an enum: where
 * one of these is another one, the sums are others too, and say nothing about the values.
 */
export function otherSums(stayed: readonly { was: Sum; is: Sum }[], relabelled: readonly { type: string }[]): string[] {
  const differ = stayed.filter(
    ({ was, is }) =>
      was.rows === is.rows &&
      was.type === is.type &&
      was.fingerprint !== is.fingerprint &&
      !relabelled.some(({ type }) => [type, `${type}[]`].includes(is.type)),
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
