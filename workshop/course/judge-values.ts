import type { KnownRows } from './known-values.ts'
import type { Row } from './trial.ts'
import type { Placement } from './trial-judge.ts'

/** Recruits whose value is not where it belongs. */
export interface WrongValues {
  /** As it is called where it belongs now; undefined for rows that are gone. */
  column: string | undefined
  /** The column stands in the table now. */
  isThere: boolean
  /** As it was called when it was last seen. */
  was: string | undefined
  rows: { id: string; was: string; is: string | null }[]
}

/** PROD as it is now: its recruits, and what other tables hold of them: by id, each value and its table. */
export interface NowRows {
  recruits: Map<string, Row>
  elsewhere: Map<string, Map<string, string>>
}

/** One value that a recruit had, and where it stands now. */
export interface ValueNow {
  id: string
  /** As it was called when it was first seen. */
  column: string
  value: string
  /** As the column is called where it belongs now. */
  wanted: string
  /** The table in which the value stands; undefined where it stands nowhere that it belongs. */
  table: string | undefined
  is: string | null
}

/**
 * Holds what each recruit had when it was first seen against what it has now: under the name that the course gives the
 * column, or, where the column is gone for good, in another table under the recruit's id.
 */
export function judgeValues(known: KnownRows, now: NowRows, placement: Placement): WrongValues[] {
  const wrong = new Map<string, WrongValues>()
  const note = (column: string | undefined, was: string | undefined, row: WrongValues['rows'][number]) => {
    const key = column ?? ''
    const isThere = () => column !== undefined && [...now.recruits.values()].some((one) => column in one)
    if (!wrong.has(key)) wrong.set(key, { column, isThere: isThere(), was, rows: [] })
    wrong.get(key)!.rows.push(row)
  }
  for (const [id, rows] of known) {
    const is = now.recruits.get(id)
    if (!is) {
      note(undefined, undefined, { id, was: rows[0]!['github_name'] ?? id, is: null })
      continue
    }
    for (const { column, value, wanted, table, is: other } of valuesOf(id, rows, now, placement)) {
      if (table === undefined) note(wanted, column, { id, was: value, is: other })
    }
  }
  return [...wrong.values()]
}

/** Of whom a value is in none of the row's columns, and its own column is gone: other tables are asked about them alone. */
export function soughtElsewhere(known: KnownRows, recruits: NowRows['recruits'], placement: Placement): string[] {
  const now: NowRows = { recruits, elsewhere: new Map() }
  const isSought = (id: string, rows: readonly Row[]) =>
    valuesOf(id, rows, now, placement).some(
      ({ table, wanted }) => table === undefined && !(wanted in recruits.get(id)!),
    )
  return [...known].filter(([id, rows]) => isSought(id, rows)).map(([id]) => id)
}

/** Each value that a recruit had when it was first seen, and where it is now; none of somebody who is gone. */
export function valuesOf(id: string, rows: readonly Row[], now: NowRows, placement: Placement): ValueNow[] {
  const is = now.recruits.get(id)
  if (!is) return []
  return firstSeen(rows, is, placement).map(({ column, value }) => {
    const { wanted, table } = lookUp(column, value, is, { elsewhere: now.elsewhere.get(id), placement })
    return { id, column, value, wanted, table, is: is[wanted] ?? null }
  })
}

/** Each column's first value that is none of nothing; a column and its later name are one. */
function firstSeen(rows: readonly Row[], is: Row, placement: Placement): { column: string; value: string }[] {
  const seen = new Map<string, { column: string; value: string }>()
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) {
      const name = nowCalled(column, is, placement)
      if (value !== null && !seen.has(name)) seen.set(name, { column, value })
    }
  }
  return [...seen.values()]
}

function nowCalled(column: string, is: Row, placement: Placement): string {
  const wanted = placement.get(column)
  return wanted !== undefined && wanted in is ? wanted : column
}

function lookUp(
  column: string,
  value: string,
  is: Row,
  { elsewhere, placement }: { elsewhere: Map<string, string> | undefined; placement: Placement },
): { wanted: string; table: string | undefined } {
  const wanted = nowCalled(column, is, placement)
  const isHere = wanted in is ? is[wanted] === value : Object.values(is).includes(value)
  if (isHere) return { wanted, table: 'public.recruits' }
  return { wanted, table: wanted in is ? undefined : elsewhere?.get(value) }
}

/** `surname of 2 recruits: id 3 was "Moosa", is "x"` */
export function describeWrong([first, ...others]: readonly WrongValues[]): string {
  const { column, was, rows } = first!
  const shown = rows.slice(0, 3)
  const dots = rows.length > shown.length ? ' …' : ''
  const more =
    others.length > 0 ? `; and ${others.map((one) => `${one.column ?? 'rows'} of ${one.rows.length}`).join(', ')}` : ''
  if (column === undefined) return `${rows.length} gone: ${shown.map((row) => row.was).join(', ')}${dots}${more}`
  const name = was === undefined || was === column ? column : `${column}, which was ${was},`
  const list = shown.map((row) => `id ${row.id} was "${row.was}", is ${row.is === null ? 'nothing' : `"${row.is}"`}`)
  return `${name} of ${rows.length} ${rows.length === 1 ? 'recruit' : 'recruits'} changed: ${list.join('; ')}${dots}${more}`
}
